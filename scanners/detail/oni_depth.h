#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fit {

/// Unpacks OpenNI's depth compressions: differences of neighbours in half bytes, of the values ("16zP") or of places in
/// a table of the values that occur, which comes first ("16zT"). `counts` has the size that is expected.
/// Throws Error::bad_input when the data do not fill it exactly, or leave the table.
void unpack_oni_depth(std::string_view packed, bool with_table, std::vector<std::uint16_t>& counts);

}  // namespace fit
