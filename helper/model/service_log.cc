#include "model/service_log.h"

#include <nlohmann/json.hpp>

namespace gentle {
namespace {

std::string quoted_json(std::string_view text) {
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

void ServiceLogsJson::begin_log(const std::string& service, const std::string& path) {
  std::string text = any_log_ ? ",\n" : "[\n";
  text += "  {\n    \"service\": " + quoted_json(service);
  text += ",\n    \"path\": " + quoted_json(path) + ",\n    \"lines\": [";
  sink_(text);
  any_log_ = true;
  any_line_ = false;
}

void ServiceLogsJson::add(std::string_view piece, bool ends) {
  std::string text;
  if (!in_line_) text = std::string(any_line_ ? "," : "") + "\n      \"";
  const std::string quotes = quoted_json(piece);
  text += std::string_view(quotes).substr(1, quotes.size() - 2);
  if (ends) text += '"';
  any_line_ = true;
  in_line_ = !ends;
  sink_(text);
}

void ServiceLogsJson::end_log() { sink_(any_line_ ? "\n    ]\n  }" : "]\n  }"); }

void ServiceLogsJson::end() { sink_(any_log_ ? "\n]\n" : "[]\n"); }

}  // namespace gentle
