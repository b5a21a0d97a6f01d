#include "libfit/file.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "libfit/error.h"

namespace fit {
namespace {

using ::testing::HasSubstr;

/// A folder of its own for each test, gone after it.
class File : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("fit_file_") + ::testing::UnitTest::GetInstance()->current_test_info()->name() +
               std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::size_t files_there() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()));
  }
  template <class Work>
  static std::string refusal(Work work) {
    try {
      work();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::io);
      return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
  }

  std::filesystem::path folder_;
};

TEST_F(File, ReadsBackWhatWasWritten) {
  std::string bytes(3'000'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i / 7);
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 20, bytes.size()}) {
    write_file(folder_ / "a", std::string_view(bytes).substr(0, size));
    EXPECT_EQ(read_file(folder_ / "a"), bytes.substr(0, size));
  }
  EXPECT_EQ(files_there(), 1u);
}

TEST_F(File, IsReadableByTheGroupAsTheUmaskSays) {
  write_file(folder_ / "a", "x");
  const mode_t mask = ::umask(0);
  ::umask(mask);
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0666u & ~mask);
}

TEST_F(File, FollowsALinkInsteadOfReplacingIt) {
  write_file(folder_ / "real", "old");
  std::filesystem::create_symlink("real", folder_ / "link");
  write_file(folder_ / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_file(folder_ / "real"), "new");
}

TEST_F(File, WritesAVeryLongName) {
  write_file(folder_ / std::string(255, 'n'), "x");
  EXPECT_THAT(refusal([&] { write_file(folder_ / std::string(256, 'n'), "x"); }), HasSubstr("too long"));
  EXPECT_EQ(files_there(), 1u);
}

TEST_F(File, RefusesToReadWhatIsNotAFile) {
  EXPECT_THAT(refusal([&] { read_file(folder_ / "missing.stl"); }), HasSubstr("no such file"));
  EXPECT_THAT(refusal([&] { read_file(folder_); }), HasSubstr("a folder"));
  EXPECT_THAT(refusal([&] { read_file("/dev/zero"); }), HasSubstr("not a file"));
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(refusal([&] { read_file(folder_ / "pipe"); }), HasSubstr("not a file"));
}

TEST_F(File, RefusesToWriteWhereNoFileCanBe) {
  EXPECT_THAT(refusal([&] { write_file(folder_, "x"); }), HasSubstr("a folder"));
  EXPECT_THAT(refusal([&] { write_file(folder_ / "no" / "a", "x"); }), HasSubstr("no such file or folder"));
  EXPECT_THAT(refusal([&] { write_file(folder_ / "", "x"); }), HasSubstr("folder"));
  EXPECT_THAT(refusal([&] { write_file("", "x"); }), HasSubstr("not the name of a file"));
  EXPECT_THAT(refusal([&] { write_file("/dev/full", "x"); }), HasSubstr("not a file"));
  EXPECT_THAT(refusal([&] { write_file("/proc/none/a", "x"); }), HasSubstr("no such file or folder"));
  EXPECT_EQ(files_there(), 0u);
}

TEST_F(File, RefusesWithoutPermission) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  write_file(folder_ / "a", "x");
  std::filesystem::permissions(folder_ / "a", std::filesystem::perms::none);
  EXPECT_THAT(refusal([&] { write_file(folder_ / "a", "y"); }), HasSubstr("permission"));
  EXPECT_THAT(refusal([&] { read_file(folder_ / "a"); }), HasSubstr("permission"));
}

TEST_F(File, LeavesTheOldFileAndNothingElseWhenTheDiskIsFull) {
  write_file(folder_ / "a", "old");
  // A limit on the size of files fails in the middle of a write as a full disk does.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 100'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string sentence = refusal([&] { write_file(folder_ / "a", std::string(200'000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(sentence, HasSubstr("could not be written"));
  EXPECT_EQ(read_file(folder_ / "a"), "old");
  EXPECT_EQ(files_there(), 1u);
}

TEST(Sha256, IsThatOfTheStandard) {  // FIPS 180-4, the examples of NIST
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace fit
