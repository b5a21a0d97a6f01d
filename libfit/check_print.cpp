#include "libfit/check_print.h"

#include "libfit/detail/print_checks.h"
#include "libfit/error.h"

namespace fit {

Checked check_print(const SocketCase& made, const SolidifyParams& asked, const Workshop& workshop,
                    const CheckParams& params, const Progress& progress) {
  validate(asked);
  validate(params);
  const Rectified& rectified = made.rectified;
  if (rectified.positive.triangles.empty())
    throw Error(ErrorKind::bad_input, "There is no positive to check the socket against.");
  if (!rectified.change_mm.empty() && rectified.change_mm.size() != rectified.positive.vertices.size())
    throw Error(ErrorKind::bad_input, "The change map is not one of this positive: it has another number of vertices.");

  Checked checked;
  const auto add = [&](const Findings& more) {
    checked.findings.insert(checked.findings.end(), more.begin(), more.end());
  };
  add(detail::check_crossing(made.socket.mesh(), progress.part(0.0, 0.4)));
  detail::check_wall(made, asked, checked, progress.part(0.4, 0.8));
  add(detail::check_donning(made, params, progress.part(0.8, 0.9)));
  add(detail::check_strength(asked, workshop, params));
  detail::check_printer(made, workshop, checked);
  add(detail::check_rim(made, asked));
  add(detail::check_change(made, progress.part(0.9, 1.0)));
  return checked;
}

}  // namespace fit
