// `fit compare` from two files to what a program and a person read.
#include "libfit/mesh_io.h"
#include "tests/apps/fit_program.h"

namespace fit {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using Json = nlohmann::ordered_json;

class FitCompare : public FitProgram {
 protected:
  Ran compare(const std::string& older, const std::string& newer, const Words& more = {}) const {
    Words words{"compare", older, newer, "-o", at("out"), "--side", "right", "--level", "transtibial"};
    words.insert(words.end(), more.begin(), more.end());
    return fit(words);
  }
  Json compared() const { return Json::parse(read_file(at("out/compare.json"))); }
  /// Read, changed, and written beside it.
  std::string changed(const std::string& file, const std::string& name,
                      const std::function<void(Mesh&)>& change) const {
    Mesh mesh = read_mesh(file).mesh;
    change(mesh);
    write_mesh(at(name), mesh);
    return at(name);
  }
};

/// Every vertex out along its normal.
void grow(Mesh& mesh, double mm) {
  const auto normals = vertex_normals(mesh);
  for (std::size_t i = 0; i < normals.size(); ++i) mesh.vertices[i] += mm * normals[i];
}

void carry_away(Mesh& mesh) {
  const Eigen::AngleAxisd turn(0.15, Eigen::Vector3d(0.3, -0.2, 0.9).normalized());
  for (Eigen::Vector3d& vertex : mesh.vertices) vertex = turn * vertex + Eigen::Vector3d(12, -7, 30);
}

TEST_F(FitCompare, SaysWhatALimbLostBetweenTwoScansToAPersonAndToNumpy) {
  const std::string older = limb();
  const std::string newer = changed(older, "newer.ply", [](Mesh& mesh) { grow(mesh, -1.5), carry_away(mesh); });
  const Ran ran = compare(older, newer);
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("mm inside"));
  EXPECT_THAT(names_in(at("out")), IsSupersetOf({"compare.html", "compare.json", "change.ply", "change.npz"}));
  EXPECT_NEAR(compared().at("mean_mm").get<double>(), -1.5, 0.15);
  EXPECT_LT(compared().at("stations").back().at("girth_change_mm").get<double>(), -7.0);

  const std::string python =
      std::system("/usr/bin/python3 -c 'import numpy' 2>/dev/null") == 0 ? "/usr/bin/python3" : "python3";
  if (std::system((python + " -c 'import numpy' 2>/dev/null").c_str()) != 0) GTEST_SKIP() << "numpy is not here";
  write_file(
      at("read.py"),
      "import numpy, sys\n"
      "a = numpy.load(sys.argv[1])\n"
      "assert sorted(a) == ['change_mm', 'moved_mm', 'older_from_newer', 'triangles', 'vertices_mm'], list(a)\n"
      "n = len(a['vertices_mm'])\n"
      "assert a['vertices_mm'].shape == a['moved_mm'].shape == (n, 3) and a['change_mm'].shape == (n,)\n"
      "assert a['triangles'].dtype == numpy.int32 and a['triangles'].max() == n - 1\n"
      "pose = a['older_from_newer']\n"
      "assert numpy.allclose(pose[:3, :3] @ pose[:3, :3].T, numpy.eye(3), atol=1e-9)\n"
      "known = numpy.isfinite(a['change_mm'])\n"
      "assert numpy.allclose(numpy.linalg.norm(a['moved_mm'][known], axis=1), abs(a['change_mm'][known]), atol=1e-9)\n"
      "assert abs(numpy.median(a['change_mm'][known]) + 1.5) < 0.15\n");
  EXPECT_EQ(std::system((python + " " + at("read.py") + " " + at("out/change.npz")).c_str()), 0);
}

TEST_F(FitCompare, HoldsTheScanOfAFinishedSocketAgainstItsDesign) {
  ASSERT_LE(fit(make(limb(), at("case"), {"--resolution-mm", "2"})).exit_code, 1);
  const std::string design = at("case/positive.ply");
  // The inside of the print, 0.4 mm too narrow, as a scanner sees it: its normals towards the cavity.
  const std::string scan = changed(design, "scan.ply", [](Mesh& mesh) {
    grow(mesh, -0.4), carry_away(mesh);
    for (Eigen::Vector3i& t : mesh.triangles) std::swap(t[1], t[2]);
  });
  const Ran ran = compare(design, scan, {"--input", "positive"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NEAR(compared().at("mean_mm").get<double>(), -0.4, 0.06);
  EXPECT_LT(compared().at("iqr_mm").get<double>(), 0.1);
  EXPECT_THAT(read_file(at("out/compare.html")), HasSubstr("<b>Not within</b>"));

  fs::remove_all(at("out"));
  const std::string good = changed(design, "good.ply", [](Mesh& mesh) { grow(mesh, 0.1), carry_away(mesh); });
  ASSERT_EQ(compare(design, good, {"--input", "positive"}).exit_code, 0);
  EXPECT_THAT(read_file(at("out/compare.html")), HasSubstr("<b>Within</b>"));
}

}  // namespace
}  // namespace fit
