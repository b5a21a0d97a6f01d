#include "scanners/fuse.h"

#include <algorithm>
#include <cmath>

#include "libfit/parallel.h"
#include "scanners/detail/field_surface.h"
#include "scanners/detail/follow.h"
#include "scanners/detail/scan_surface.h"
#include "scanners/detail/subject.h"
#include "scanners/read_ahead.h"

namespace fit {

namespace {

constexpr double key_turn_deg = 6.0;
constexpr double key_shift_mm = 30.0;
constexpr std::size_t most_key_views = 150;
constexpr std::size_t most_color_bytes = 150u << 20;
constexpr std::size_t most_bricks = 80000;  // 330 MB
constexpr double least_share = 0.4;         // of a frame's points on the field, or its place was not found
constexpr double doubtful_rad = 0.15;       // places farther apart than this are not the same
constexpr int most_passed_over = 1;         // of the frames of a camera that moves slowly
constexpr double slow_rad = 0.03;
constexpr double at_once_rad = 0.5;      // how far the camera may have turned from one frame to the next
constexpr double fastest_rad_a_s = 1.5;  // and more while it is lost
constexpr double least_in_sight = 0.6;   // of what a key view sees of the subject, to be found again
constexpr double region_margin_mm = 20.0;
constexpr std::size_t frames_at_once = 16;  // laid in together at the end: a brick is fetched once for all
constexpr double finest_pixels = 0.8;       // a voxel is not smaller than this much of a pixel where the subject stands

}  // namespace

class Fusion::Impl {
 public:
  Impl(const CameraInfo& info, const FuseParams& params) : info_(info), params_(params) { validate(params); }

  State add(const Frame& frame) {
    poses_.emplace_back();
    ++quality_.frames;
    if (!field_) return start(frame) ? State::followed : State::waiting;
    const auto guess = guess_of(frame);
    // Where frames have no times, as at 30 a second.
    const auto frames_since = static_cast<double>(poses_.size() - 1 - kept_.back().number);
    since_followed_s_ = std::max(frame.time_s - followed_s_, frames_since / 30.0);
    std::optional<Followed> found;
    if (!is_lost_) {
      const PixelBox box = box_of_region(region_.seen_from(guess), region_margin_mm, frame.depth.intrinsics);
      surface_of(frame, info_, box, surface_);
      found = place(surface_, guess);
    }
    if (!found) {
      surface_of(frame, info_, whole(frame.depth.intrinsics), surface_);
      found = search(surface_);
    }
    if (!found) {
      quality_.losses += !is_lost_;
      is_lost_ = true;
      ++quality_.lost;
      motion_ = Eigen::Isometry3d::Identity();
      return State::lost;
    }
    motion_ = is_lost_ ? Eigen::Isometry3d::Identity() : found->world_from_camera * last_pose_.inverse();
    is_lost_ = false;
    if (const double turned = Eigen::AngleAxisd(motion_.linear()).angle(); turned > 0.5) motion_.setIdentity();
    usual_rms_mm_ += 0.1 * (found->rms_mm - usual_rms_mm_);
    usual_color_rms_ += 0.1 * (found->color_rms - usual_color_rms_);
    take_in(frame, found->world_from_camera);
    return State::followed;
  }

  Mesh preview() const { return field_ ? surface_of(*field_, 0.5).mesh : Mesh{}; }

  Scan finish(const Progress& progress) {
    if (!field_)
      throw Error(ErrorKind::bad_input,
                  "No frame shows a surface large enough to scan; hold the camera 30 to 60 cm from the limb.");
    if (params_.refine) refine(progress.part(0.0, 0.4));
    lay_again(progress.part(0.4, 0.8));
    return scan_of(progress.part(0.8, 1.0));
  }

 private:
  Integration integration() const { return {band_mm_, distance_mm_, region_}; }

  Model model(const Eigen::Isometry3d& at) const {
    Model m;
    m.field = field_.get();
    m.region = region_;
    m.band_mm = band_mm_;
    if (params_.use_color)
      if (const KeyView* key = nearest_key(at)) {
        m.key_view = &key->surface;
        m.world_from_key = key->world_from_camera;
      }
    return m;
  }

  /// The key view that saw the subject from the nearest direction; of those within 10 degrees the first, so that what
  /// it tells does not drift.
  const KeyView* nearest_key(const Eigen::Isometry3d& at) const {
    const KeyView* best = nullptr;
    double best_apart = 1e300;
    for (const KeyView& key : keys_) {
      const Eigen::Vector3d a = at.inverse() * region_.center_mm,
                            b = key.world_from_camera.inverse() * region_.center_mm;
      const double turn = Eigen::AngleAxisd(at.linear().transpose() * key.world_from_camera.linear()).angle();
      const double apart = turn * 180.0 / M_PI + (a - b).norm() / 10.0;
      if (apart < best_apart - 2.0) best = &key, best_apart = apart;
    }
    return best_apart < 30.0 ? best : nullptr;
  }

  bool start(const Frame& frame) {
    surface_of(frame, info_, whole(frame.depth.intrinsics), surface_);
    std::optional<std::array<int, 2>> click;
    if (params_.click_column_px >= 0 && params_.click_row_px >= 0)
      click = {params_.click_column_px, params_.click_row_px};
    subject_ = params_.box_center_mm ? subject_in_box(surface_, *params_.box_center_mm, params_.box_size_mm)
                                     : find_subject(surface_, click);
    if (!subject_) return false;
    region_ = subject_->region;
    if (params_.subject_radius_mm)
      region_ = {region_.center_mm, *params_.subject_radius_mm, Eigen::Vector3d::Zero(), 1e9};
    distance_mm_ = region_.center_mm.norm();
    quality_.noise_mm = noise_per_mm(surface_) * distance_mm_ * distance_mm_;
    // From far away a grid finer than the pixels holds nothing but holes.
    usual_rms_mm_ = quality_.noise_mm;
    usual_color_rms_ = 8.0;
    voxel_mm_ = std::max(params_.voxel_mm, finest_pixels * distance_mm_ / frame.depth.intrinsics.fx_px);
    band_mm_ = std::max(4.0 * voxel_mm_, 4.0 * quality_.noise_mm);
    field_ = std::make_unique<FieldGrid>(voxel_mm_, most_bricks);
    take_in(frame, Eigen::Isometry3d::Identity());
    return true;
  }

  /// Where the camera should be if it went on as before, or as the recording says it moved.
  Eigen::Isometry3d guess_of(const Frame& frame) const {
    if (frame.world_from_camera && recorded_last_)
      return orthonormal(last_pose_ * recorded_last_->inverse() * *frame.world_from_camera);
    return orthonormal(motion_ * last_pose_);
  }

  bool good(const Followed& found) const {
    return found.share > least_share && found.rms_mm < std::max(0.45 * band_mm_, 3.0 * quality_.noise_mm);
  }

  std::optional<Followed> place(const FrameSurface& surface, const Eigen::Isometry3d& guess) const {
    const Model on = model(guess);
    const ViewPoints points = points_to_follow(surface, guess, region_);
    Followed found = follow(on, points, guess, last_pose_);
    if (good(found) && found.share > 0.6) return found;
    // Too far for the field's band: laid on the frame before first, whose points are found from farther away.
    ViewMatching matching;
    matching.farthest_mm = 40.0;
    matching.region = region_;
    matching.colors = params_.use_color;
    const Aligned aligned = align_views(surface, last_pose_, last_surface_, last_pose_, matching);
    const Followed again =
        follow(on, points_to_follow(surface, aligned.world_from_source, region_), aligned.world_from_source);
    if (again.share > found.share) found = again;
    if (!good(found)) return {};
    return found;
  }

  /// Whether a frame lies on the field about as well as those before: another place fits worse, in shape or in colour.
  bool as_usual(const Followed& found) const {
    return found.rms_mm < 2.0 * usual_rms_mm_ + 0.1 && found.color_rms < 3.0 * usual_color_rms_ + 2.0;
  }

  /// Nobody walks round a limb within a frame or two.
  bool within_reach(const Eigen::Isometry3d& pose) const {
    const double turned = Eigen::AngleAxisd(pose.linear().transpose() * last_pose_.linear()).angle();
    return turned < at_once_rad + fastest_rad_a_s * since_followed_s_;
  }

  /// The place of a frame of which nothing is known, among all that the key views saw.
  std::optional<Followed> search(const FrameSurface& surface) const {
    ViewMatching matching;
    matching.farthest_mm = 60.0;
    matching.stride = 2;
    matching.region = region_;
    matching.region.radius_mm *= 2.0;  // the guess is some way off
    matching.region.rod_mm *= 2.0;
    matching.colors = params_.use_color;
    struct Candidate {
      double merit;
      std::size_t key;
      Eigen::Isometry3d pose;
    };
    std::vector<Candidate> candidates(keys_.size());
    parallel_for(keys_.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t k = begin; k < end; ++k) {
        const KeyView& key = keys_[k];
        const Aligned aligned =
            align_views(surface, key.world_from_camera, key.surface, key.world_from_camera, matching);
        candidates[k] = {aligned.share / (1.0 + aligned.rms_mm + 0.05 * aligned.color_rms), k,
                         aligned.world_from_source};
      }
    });
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.merit > b.merit; });
    std::vector<Followed> found;
    for (std::size_t c = 0; c < std::min<std::size_t>(4, candidates.size()); ++c) {
      const Eigen::Isometry3d& pose = candidates[c].pose;
      const Followed one = follow(model(pose), points_to_follow(surface, pose, region_), pose);
      if (!good(one) || !as_usual(one) || one.share < 0.7 || !within_reach(one.world_from_camera)) continue;
      // A corner of the image that fits anywhere is not the subject.
      const KeyView& key = keys_[candidates[c].key];
      if (static_cast<double>(count_in(region_, surface, one.world_from_camera)) >
          least_in_sight * static_cast<double>(count_in(region_, key.surface, key.world_from_camera)))
        found.push_back(one);
    }
    const auto merit = [](const Followed& f) { return f.share / (1.0 + f.rms_mm + 0.05 * f.color_rms); };
    std::optional<Followed> best;
    for (const Followed& one : found)
      if (!best || merit(one) > merit(*best)) best = one;
    // A limb looks alike from many sides: where another place would do nearly as well, none is taken.
    for (const Followed& one : found) {
      const Eigen::Matrix3d apart = one.world_from_camera.linear().transpose() * best->world_from_camera.linear();
      if (Eigen::AngleAxisd(apart).angle() > doubtful_rad && merit(one) > 0.85 * merit(*best)) return {};
    }
    return best;
  }

  void take_in(const Frame& frame, const Eigen::Isometry3d& pose) {
    const bool laid_in = lay_in(pose);
    const PixelBox box = box_of_subject(surface_, pose, region_);
    kept_.push_back({poses_.size() - 1, pose, laid_in ? cropped(surface_, box, true) : FrameSurface{}});
    poses_.back() = pose;
    if (is_new_key(pose)) add_key(frame, box, pose);
    last_pose_ = pose;
    followed_s_ = frame.time_s;
    std::swap(last_surface_, surface_);
    recorded_last_ = frame.world_from_camera;
  }

  /// Of a camera that moves slowly every second frame is enough to follow the next; at the end all are laid in.
  bool lay_in(const Eigen::Isometry3d& pose) {
    if (laid_in_) {
      const double turned = Eigen::AngleAxisd(pose.linear().transpose() * laid_in_->linear()).angle();
      const double moved = (pose.translation() - laid_in_->translation()).norm() / distance_mm_;
      if (passed_over_ < most_passed_over && turned < slow_rad && moved < slow_rad) {
        ++passed_over_;
        return false;
      }
    }
    laid_in_ = pose;
    passed_over_ = 0;
    allocate(*field_, surface_, pose, integration());
    integrate(*field_, {{&surface_, pose}}, integration());
    return true;
  }

  bool is_new_key(const Eigen::Isometry3d& pose) const {
    if (keys_.empty()) return true;
    const double coarser = keys_.size() > most_key_views ? 3.0 : 1.0;
    const Eigen::Isometry3d& last = keys_.back().world_from_camera;
    const double turned = Eigen::AngleAxisd(pose.linear().transpose() * last.linear()).angle() * 180.0 / M_PI;
    return turned > coarser * key_turn_deg ||
           (pose.translation() - last.translation()).norm() > coarser * 2.0 * key_shift_mm;
  }

  void add_key(const Frame& frame, const PixelBox& box, const Eigen::Isometry3d& pose) {
    // Of the first view all is kept: it tells what the subject is.
    keys_.push_back({keys_.empty() ? surface_ : cropped(surface_, box), pose});
    key_frames_.push_back(kept_.size() - 1);
    colors_.emplace_back();
    if (frame.color.rgb.empty() || color_bytes_ > most_color_bytes) return;
    colors_.back() = keep(
        frame.color, box_in_color(keys_.back().surface, pose, region_, info_.color_from_depth, frame.color.intrinsics));
    color_bytes_ += colors_.back().rgb.size();
  }

  /// The key views are laid on each other; the frames between move with those before and after them.
  void refine(const Progress& progress) {
    ViewMatching matching;
    matching.farthest_mm = std::max(5.0 * band_mm_, 15.0);
    matching.region = region_;
    matching.colors = params_.use_color;
    const Refined refined = refine_poses(keys_, matching, progress);
    quality_.drift_mm = refined.drift_mm;
    quality_.residual_mm = refined.residual_mm;
    std::vector<Eigen::Isometry3d> moved;
    for (std::size_t k = 0; k < keys_.size(); ++k) {
      moved.push_back(refined.world_from_camera[k] * keys_[k].world_from_camera.inverse());
      keys_[k].world_from_camera = refined.world_from_camera[k];
    }
    std::size_t k = 0;
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      while (k + 1 < keys_.size() && key_frames_[k + 1] <= i) ++k;
      Eigen::Isometry3d by = moved[k];
      if (k + 1 < keys_.size()) {
        const double share =
            static_cast<double>(i - key_frames_[k]) / static_cast<double>(key_frames_[k + 1] - key_frames_[k]);
        by.linear() = Eigen::Quaterniond(moved[k].linear())
                          .slerp(share, Eigen::Quaterniond(moved[k + 1].linear()))
                          .toRotationMatrix();
        by.translation() = (1 - share) * (moved[k] * region_.center_mm) + share * (moved[k + 1] * region_.center_mm) -
                           by.linear() * region_.center_mm;
      }
      set_pose(kept_[i], by * kept_[i].world_from_camera);
    }
  }

  void set_pose(KeptFrame& kept, const Eigen::Isometry3d& pose) {
    kept.world_from_camera = pose;
    poses_[kept.number] = pose;
  }

  void lay_again(const Progress& progress) {
    field_.reset();  // before the new one takes as much memory
    field_ = std::make_unique<FieldGrid>(voxel_mm_, most_bricks);
    for (std::size_t begin = 0; begin < kept_.size(); begin += frames_at_once) {
      progress(static_cast<double>(begin) / static_cast<double>(kept_.size()));
      const std::size_t count = std::min(frames_at_once, kept_.size() - begin);
      parallel_for(count, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = begin + first; i < begin + last; ++i) fill_planes(kept_[i].surface);
      });
      std::vector<PosedSurface> seen;
      for (std::size_t i = begin; i < begin + count; ++i) {
        seen.push_back({&kept_[i].surface, kept_[i].world_from_camera});
        allocate(*field_, kept_[i].surface, kept_[i].world_from_camera, integration());
      }
      integrate(*field_, seen, integration());
      for (std::size_t i = begin; i < begin + count; ++i) kept_[i].surface = {};
    }
  }

  Scan scan_of(const Progress& progress) {
    quality_.used = kept_.size();
    quality_.distance_mm = distance_mm_;
    ScanSurface made = scan_surface(*field_, keys_, colors_, info_.color_from_depth, *subject_, quality_, progress);
    Scan scan;
    scan.surface = std::move(made.surface);
    scan.coverage = std::move(made.coverage);
    scan.expected_error_mm = std::move(made.expected_error_mm);
    scan.world_from_camera = poses_;
    scan.quality = quality_;
    scan.quality.unseen_percent = made.unseen.percent;
    scan.quality.unseen_end_percent = made.unseen.end_percent;
    scan.findings = findings_of(scan.quality, made.unseen);
    if (field_->full()) scan.findings.push_back({"scan_too_large", Severity::warn, {}, {}});
    return scan;
  }

  CameraInfo info_;
  FuseParams params_;
  std::optional<ScanSubject> subject_;
  std::unique_ptr<FieldGrid> field_;
  SubjectRegion region_;  ///< of the subject, in the world: the first frame's camera
  double distance_mm_ = 0.0;
  double voxel_mm_ = 1.0;
  double band_mm_ = 0.0;
  bool is_lost_ = false;
  double usual_rms_mm_ = 0.0;  ///< of followed frames
  double usual_color_rms_ = 0.0;
  double followed_s_ = 0.0;        ///< when it last was
  double since_followed_s_ = 0.0;  ///< of the frame that is being added
  Eigen::Isometry3d last_pose_ = Eigen::Isometry3d::Identity();
  Eigen::Isometry3d motion_ = Eigen::Isometry3d::Identity();  ///< of the camera from frame to frame, in the world
  std::optional<Eigen::Isometry3d> recorded_last_;
  std::optional<Eigen::Isometry3d> laid_in_;  ///< where the last frame stood that was
  int passed_over_ = 0;                       ///< frames since
  FrameSurface surface_;                      ///< of the frame that is being added
  FrameSurface last_surface_;                 ///< of the one before
  std::vector<KeyView> keys_;
  std::vector<std::size_t> key_frames_;  ///< of `kept_`, one a key view
  std::vector<KeptColor> colors_;        ///< one a key view
  std::size_t color_bytes_ = 0;
  std::vector<KeptFrame> kept_;
  std::vector<std::optional<Eigen::Isometry3d>> poses_;
  ScanQuality quality_;
};

Fusion::Fusion(const CameraInfo& info, const FuseParams& params) : impl_(std::make_unique<Impl>(info, params)) {}
Fusion::~Fusion() = default;
Fusion::State Fusion::add(const Frame& frame) { return impl_->add(frame); }
Mesh Fusion::preview() const { return impl_->preview(); }
Scan Fusion::finish(const Progress& progress) { return impl_->finish(progress); }

Scan fuse(Camera& camera, const FuseParams& params, const Progress& progress) {
  Fusion fusion(camera.info(), params);
  {
    ReadAhead ahead(camera);
    Frame frame;
    const double expected = static_cast<double>(camera.info().frames.value_or(300));
    for (double frames = 0; ahead.next(frame); ++frames) {
      progress(0.7 * std::min(1.0, frames / expected));
      fusion.add(frame);
    }
  }
  Scan scan = fusion.finish(progress.part(0.7, 1.0));
  const Findings of_camera = camera.findings();
  scan.findings.insert(scan.findings.end(), of_camera.begin(), of_camera.end());
  return scan;
}

}  // namespace fit
