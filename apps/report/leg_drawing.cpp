#include "apps/report/leg_drawing.h"

#include <fmt/format.h>

#include "apps/report/html.h"
#include "apps/report/texts.h"

namespace fit {

namespace {

// Outlines of the limb on the right of the picture, its middle at x = 0; the other one is its mirror image.
constexpr const char* kLeg =
    "M-27 6C-29 50-24 92-20 128C-20 140-21 150-22 164C-22 190-14 226-11 258C-11 268-12 276-10 280L26 280C27 272 12 266 "
    "11 258"
    "C12 226 21 196 21 166C20 150 18 140 18 128C23 90 30 46 30 6";
constexpr const char* kLegStump =
    "M-27 6C-29 50-24 92-20 128C-20 140-21 150-21 164C-21 182-18 196-14 203C-8 210 8 210 14 203C18 196 20 182 20 166"
    "C20 150 18 140 18 128C23 90 30 46 30 6";
constexpr const char* kLegSocket =
    "M-24 140C-25 168-23 194-17 206C-9 216 9 216 17 206C22 194 24 168 22 138C8 146-10 148-24 140Z";
constexpr const char* kThighStump = "M-27 6C-29 40-26 74-22 96C-16 110 14 110 20 96C25 70 30 40 30 6";
constexpr const char* kThighSocket =
    "M-29 44C-29 70-27 88-24 99C-16 117 16 117 23 99C28 80 32 52 33 24C12 40-12 46-29 44Z";
constexpr const char* kArm =
    "M-16 6C-18 50-15 92-13 128C-15 150-12 190-9 220C-12 240-10 262-4 274C2 280 8 272 9 258C10 244 9 230 9 220C14 190 "
    "15 160 12 128"
    "C15 90 20 46 18 6";
constexpr const char* kArmStump =
    "M-16 6C-18 50-15 92-13 128C-15 146-14 166-11 186C-7 196 7 196 10 186C14 164 14 146 12 128C15 90 20 46 18 6";
constexpr const char* kArmSocket =
    "M-17 126C-18 150-18 172-14 189C-7 203 8 203 14 189C18 170 18 148 16 126C6 132-8 132-17 126Z";
constexpr const char* kUpperArmStump = "M-16 6C-18 40-16 70-13 92C-8 104 8 104 12 92C15 70 20 40 18 6";
constexpr const char* kUpperArmSocket =
    "M-20 44C-20 66-18 84-16 95C-9 111 9 111 15 95C19 78 22 50 22 34C10 44-8 48-20 44Z";

struct Drawing {
  const char *whole, *stump, *socket;
  double socket_middle;
};

Drawing drawing_of(Level level) {
  switch (level) {
    case Level::transfemoral:
      return {kLeg, kThighStump, kThighSocket, 80};
    case Level::transradial:
      return {kArm, kArmStump, kArmSocket, 165};
    case Level::transhumeral:
      return {kArm, kUpperArmStump, kUpperArmSocket, 78};
    default:
      return {kLeg, kLegStump, kLegSocket, 182};
  }
}

}  // namespace

std::string leg_drawing(Side side, Level level) {
  const Drawing drawing = drawing_of(level);
  // The patient's left is on the right of the picture.
  const double mine = side == Side::left ? 1.0 : -1.0;
  const std::string letter = escaped(text(side == Side::left ? "side.left_letter" : "side.right_letter"));
  std::string svg = fmt::format(
      "<svg class=\"leg\" viewBox=\"-118 -16 236 332\" role=\"img\" aria-label=\"{}\">"
      "<defs><pattern id=\"socket-lines\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
      "patternTransform=\"rotate(45)\">"
      "<rect width=\"6\" height=\"6\" fill=\"#f7dcb4\"/><rect width=\"2\" height=\"6\" "
      "fill=\"#d9760f\"/></pattern></defs>",
      letter);
  const auto limb = [&](double where, const char* path, const char* style) {
    svg += fmt::format("<path transform=\"translate({} 0) scale({} 1)\" d=\"{}\" {}/>", 36 * where, where, path, style);
  };
  const char* skin = "fill=\"#f1ece6\" stroke=\"#6b625a\" stroke-width=\"1.6\" stroke-linejoin=\"round\"";
  limb(-mine, drawing.whole, skin);
  limb(mine, drawing.stump, skin);
  limb(mine, drawing.socket,
       "fill=\"url(#socket-lines)\" stroke=\"#8f4500\" stroke-width=\"2\" stroke-linejoin=\"round\"");
  svg +=
      fmt::format("<text x=\"{}\" y=\"{}\" class=\"letter\">{}</text>", 92 * mine, drawing.socket_middle + 14, letter);
  const double arrow = 92 * mine;
  svg += fmt::format(
      "<path d=\"M{0} 96L{0} 22\" stroke=\"#33415c\" stroke-width=\"3\" fill=\"none\"/>"
      "<path d=\"M{0} 10L{1} 26L{2} 26Z\" fill=\"#33415c\"/>"
      "<text x=\"{0}\" y=\"2\" class=\"small\">{3}</text>"
      "<text x=\"0\" y=\"306\" class=\"small\">{4}</text></svg>",
      arrow, arrow - 7, arrow + 7, escaped(text("leg.proximal")), escaped(text("leg.seen_from_the_front")));
  return svg;
}

}  // namespace fit
