#include "apps/fit/batch/manifest.h"

namespace fit::cli {

std::string example_manifest() {
  return R"(# A manifest of `fit batch`: one row a case. Lines that begin with # do not count, nor do columns whose name does.
# Save it from a spreadsheet as CSV in UTF-8; comma, semicolon or tab between cells, 3.5 or 3,5, no grouping marks.
# Needed: scan (a file; its path counts from this manifest's folder), and for every case side, level, liner_mm and
# scanned_over - in a column here, or once for all on the command line (--side left).
# id is the name of the case's folder: a code, never a person's name.
# Every option of `fit make` can be a column by its name: wall_mm, template, printer, material, body_mass_kg, activity,
# block, flexion_deg ... (`fit make --help`; --wall-mm there is wall_mm here). An empty cell means the default.
# tape: a file, or girths in words: "40:312 80:298" is 312 mm round the limb 40 mm below the mid-patellar tendon.
# input: limb, or positive for a shape that is rectified already; an .aop file is a positive unless it says limb.
id,scan,side,level,template,liner_mm,scanned_over,tape,input,printer,material,body_mass_kg,wall_mm,#remark
A-001,scans/a001.ply,left,transtibial,,6,liner,40:312 80:298,limb,cr10,petg,72,6,second fitting
A-002,scans/a002.stl,right,transtibial,transtibial,3,skin,tapes/a002.csv,,cr10,petg,,,
A-003,shapes/a003.aop,right,transtibial,,,,,positive,cr10,petg,,,shaped elsewhere
A-004,scans/a004.obj,left,transfemoral,transfemoral_firm,6,liner,,,ender5_plus,petg,81,7,
)";
}

}  // namespace fit::cli
