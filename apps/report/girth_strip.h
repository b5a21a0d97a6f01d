#pragma once

#include <string>

#include "libfit/mesh.h"

namespace fit {

/// A strip to print on paper at its true size and to stand beside a printed socket: where the tape goes round, and what
/// it should read there, outside and inside. A ruler of 100 mm each way shows whether the printer kept the size. Strips
/// longer than a page go on, with an overlap, on the next. One HTML file that needs no network; the same bytes for the
/// same socket. Needs: the socket in mm, as it stands on its block, at the size that it has when it is cold.
std::string girth_strip_html(const Mesh& standing_socket, const std::string& case_code);

}  // namespace fit
