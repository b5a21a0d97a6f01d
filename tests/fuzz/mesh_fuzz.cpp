#include <cstdint>
#include <cstdlib>

#include "libfit/detail/mesh_formats.h"

/// Any bytes are a mesh or a refusal; nothing else may come out of a reader.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const fit::MeshFile file = fit::detail::mesh_from_bytes({reinterpret_cast<const char*>(data), size}, FIT_FUZZ_NAME);
    for (const Eigen::Vector3i& t : file.mesh.triangles)
      for (int corner : t)
        if (static_cast<std::size_t>(corner) >= file.mesh.vertices.size()) std::abort();
  } catch (const fit::Error&) {
  }
  return 0;
}
