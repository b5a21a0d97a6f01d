#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "apps/fit/commands.h"
#include "apps/fit/manual.h"
#include "libfit/error.h"
#include "models/load.h"

namespace fit::cli {

namespace {

/// Text as roff takes it: dashes that can be copied, no line that begins like a request.
std::string roff(const std::string& text) {
  std::string safe;
  for (char c : text) {
    if (c == '\\')
      safe += "\\e";
    else if (c == '-')
      safe += "\\-";
    else
      safe += c;
  }
  return (safe.starts_with('.') || safe.starts_with('\'') ? "\\&" : "") + safe;
}

std::string words_of(const Option& option) {
  std::string flag = "--" + flag_of(option.name).substr(2);
  if (option.kind == Option::Kind::on_off) flag = "--[no-]" + flag_of(option.name).substr(2);
  std::string words = "\\fB" + roff(flag) + "\\fR";
  if (!option.short_flag.empty()) words = "\\fB\\-" + option.short_flag + "\\fR, " + words;
  if (!option.value_name.empty()) words += " \\fI" + roff(option.value_name) + "\\fR";
  return words;
}

std::string section_of(const Command& command) {
  std::string text =
      fmt::format(".SS \"fit {}\"\n{}\n.PP\n\\fBfit {}\\fR", command.name, roff(command.help), command.name);
  for (const Operand& operand : command.operands)
    text += fmt::format(" {}\\fI{}\\fR{}", operand.optional ? "[" : "", operand.name, operand.optional ? "]" : "");
  text += " [options]\n";
  for (const Operand& operand : command.operands)
    text += fmt::format(".TP\n\\fI{}\\fR\n{}\n", operand.name, roff(operand.help));
  std::string group;
  for (const Option& option : command.options) {
    if (option.group != group && !option.group.empty()) text += fmt::format(".PP\n\\fI{}\\fR\n", roff(option.group));
    group = option.group;
    text += fmt::format(".TP\n{}\n{}\n", words_of(option), roff(option.help));
  }
  return text;
}

/// Words that may stand behind a flag; empty where only a person knows.
std::string choices_of(const Option& option) {
  if (option.value_name.find('|') != std::string::npos) {
    std::string words = option.value_name;
    std::replace(words.begin(), words.end(), '|', ' ');
    return words;
  }
  const std::map<std::string, std::vector<std::string> (*)()> profiles{
      {"printer", printer_names}, {"material", material_names}, {"template", template_names}, {"block", block_names}};
  const auto found = profiles.find(option.name);
  return found == profiles.end() ? "" : fmt::format("{}", fmt::join(found->second(), " "));
}

Outcome manual(const Arguments& arguments, Console&) {
  const std::string form = arguments.get("FORM");
  if (form != "man" && form != "bash")
    throw Error(ErrorKind::bad_params, fmt::format("'{}' is not a form of the manual: man or bash.", form));
  std::string text = form == "man" ? manual_page(commands()) : bash_completion(commands());
  text.pop_back();
  return {{text}, {{"text", text}}, 0};
}

}  // namespace

std::string manual_page(const std::vector<Command>& all) {
  std::string text =
      ".TH FIT 1 \"\" \"fit " FIT_VERSION
      "\" \"Fit\"\n.SH NAME\nfit \\- from the 3D scan of a residual limb to a prosthetic socket that can be printed\n"
      ".SH SYNOPSIS\n\\fBfit\\fR \\fICOMMAND\\fR [options]\n.SH DESCRIPTION\nFit cleans the scan, finds the limb, "
      "shapes "
      "the positive, makes the socket, checks it and writes the print files and a report. It works offline and "
      "refuses, in "
      "one sentence, what it cannot make safely. What it makes is a check socket, to be judged by a trained person.\n"
      ".SH COMMANDS\n";
  for (const Command& command : all) text += section_of(command);
  return text +
         ".SH \"EXIT STATUS\"\n0 done; 1 a finding forbids printing; 2 what was asked for cannot be; 3 the input is "
         "not "
         "what it should be; 4 a file could not be read or written; 5 no answer was found; 130 stopped.\n"
         ".SH ENVIRONMENT\n.TP\nFIT_MODELS_DIR\nWhere printers, materials, templates and blocks are, when not beside "
         "the "
         "program.\n";
}

std::string bash_completion(const std::vector<Command>& all) {
  std::string names, flags, values;
  for (const Command& command : all) {
    names += command.name + " ";
    std::string own = "--help";
    for (const Option& option : command.options) {
      own += " " + flag_of(option.name);
      if (const std::string words = choices_of(option); !words.empty())
        values += fmt::format("    {}\\ {}) words=\"{}\" ;;\n", command.name, flag_of(option.name), words);
    }
    flags += fmt::format("    {}) words=\"{}\" ;;\n", command.name, own);
  }
  return "# Completion of the program fit for bash.\n_fit() {\n  local word=${COMP_WORDS[COMP_CWORD]} "
         "before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words=\n  COMPREPLY=()\n"
         "  if [ \"$COMP_CWORD\" = 1 ]; then\n    COMPREPLY=($(compgen -W \"" +
         names + "--help --version\" -- \"$word\"))\n    return\n  fi\n  case \"$command $before\" in\n" + values +
         "  esac\n  if [ -z \"$words\" ] && [ \"${word#-}\" != \"$word\" ]; then case \"$command\" in\n" + flags +
         "  esac; fi\n  if [ -n \"$words\" ]; then\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n  else\n"
         "    COMPREPLY=($(compgen -f -- \"$word\"))\n  fi\n}\ncomplete -o filenames -F _fit fit\n";
}

Command manual_command() {
  return {"manual",
          "Writes the manual page, or the completion of a shell, made of the same descriptions as this help.",
          {{"FORM", "man, or bash."}},
          {},
          manual};
}

}  // namespace fit::cli
