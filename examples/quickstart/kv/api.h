#pragma once

#include "kv/http.h"
#include "kv/router.h"
#include "kv/stats.h"
#include "kv/store.h"

namespace kv {

// The key-value service over HTTP:
//
//   PUT    /keys/<key>[?ttl=<seconds>]           201 new, 204 replaced
//   GET    /keys/<key>                           the value; what is left of a ttl in the header
//   Kv-Ttl DELETE /keys/<key>                           204 GET /keys[?prefix=<text>][&limit=<n>]
//   one percent-encoded key a line; Kv-Truncated: true if there are more POST
//   /counters/<key>[?by=<n>]              adds (1 unless told otherwise) and answers with the sum
//   GET    /health                               200 while the store answers, else 503
//   GET    /stats                                numbers as JSON
//
// Any thread may call handle().
class Api {
 public:
  Api(Store& store, Stats& stats);

  Response handle(const Request& request);

 private:
  Response put_key(const Request& request, const std::string& key);
  Response get_key(const std::string& key);
  Response delete_key(const std::string& key);
  Response list_keys(const Request& request);
  Response count(const Request& request, const std::string& key);
  Response health();
  Response show_stats() const;

  Store& store_;
  Stats& stats_;
  Router router_;
};

}  // namespace kv
