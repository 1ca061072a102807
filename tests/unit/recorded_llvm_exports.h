// What llvm-cov 14 and 19 have said of one small program that was run once, with the lines of its
// sources in kSources. The paths are made /src/.
#pragma once

#include <string_view>

namespace gentle::recorded {

// a.cc
inline constexpr std::string_view kSource = R"json(#include "h.h"
static int hidden(int x) {
  return x && x > 3 ? 5 : 6;
}
int main(int argc, char**) {
  int sum = 0;
  for (int i = 0; i < 3; ++i) sum += pick(i);
  sum += pick(5L);
  CHECK(argc == 1);
  while (true) {
    if (++sum > 10) break;
  }
  if (sizeof(long) == 4) {
    sum = 3;
  }
  switch (sum) {
    case 1: return 3;
    case 11: break;
    default: return 2;
  }
  return hidden(argc) == 6 ? 0 : 1;
}
)json";

// h.h
inline constexpr std::string_view kHeader = R"json(#pragma once
template <typename T> int pick(T x) {
  if (x > 2) {
    return 1;
  }
  return 0;
}
#define CHECK(c) do { if (!(c)) fail(); } while (false)
inline void fail() {}
inline int unused(int x) {
  return x ? 1 : 2;
}
)json";

inline constexpr std::string_view kJson14 =
    R"json({"data":[{"files":[{"branches":[[7,19,7,24,3,1,0,0,4],[10,10,10,14,0,0,0,0,4],[11,9,11,19,1,9,
0,0,4],[13,7,13,24,0,0,0,0,4],[17,5,17,11,0,1,0,0,4],[18,5,18,12,1,0,0,0,4],[19,5,19,12,0,1,0,
0,4],[21,10,21,27,1,0,0,0,4],[3,10,3,11,1,0,0,0,4],[3,15,3,20,0,1,0,0,4]],
"filename":"/src/a.cc","segments":[[2,26,1,true,true,false],[3,10,1,true,true,false],[3,11,1,
true,false,false],[3,15,1,true,true,false],[3,20,1,true,false,false],[3,22,0,true,false,true],
[3,23,0,true,true,false],[3,24,1,true,false,false],[3,27,1,true,true,false],[3,28,1,true,false,
false],[4,2,0,false,false,false],[5,28,1,true,true,false],[7,19,4,true,true,false],[7,24,1,
true,false,false],[7,26,3,true,true,false],[7,29,1,true,false,false],[7,30,3,true,false,true],
[7,31,3,true,true,false],[7,45,1,true,false,false],[9,3,1,true,true,false],[9,8,1,true,false,
false],[10,10,10,true,true,false],[10,14,1,true,false,false],[10,15,10,true,false,true],[10,16,
10,true,true,false],[11,9,10,true,true,false],[11,19,10,true,false,false],[11,20,1,true,false,
true],[11,21,1,true,true,false],[11,26,10,true,false,false],[12,4,1,true,false,false],[13,7,1,
true,true,false],[13,24,1,true,false,false],[13,25,0,true,false,true],[13,26,0,true,true,
false],[15,4,1,true,false,false],[16,16,0,true,false,true],[17,5,0,true,true,false],[17,21,0,
true,false,true],[18,5,1,true,true,false],[18,19,0,true,false,true],[19,5,0,true,true,false],
[19,22,1,true,false,false],[21,3,1,true,true,false],[21,10,1,true,true,false],[21,27,1,true,
false,false],[21,30,1,true,true,false],[21,31,1,true,false,false],[21,34,0,true,true,false],
[21,35,1,true,false,false],[22,2,0,false,false,false]],"summary":{"branches":{"count":18,
"covered":11,"notcovered":7,"percent":61.111111111111114},"functions":{"count":2,"covered":2,
"percent":100},"instantiations":{"count":2,"covered":2,"percent":100},"lines":{"count":21,
"covered":17,"percent":80.95238095238095},"regions":{"count":28,"covered":22,"notcovered":6,
"percent":78.57142857142857}}},{"branches":[[3,7,3,12,0,3,0,0,4],[3,7,3,12,1,0,0,0,4]],
"filename":"/src/h.h","segments":[[2,37,4,true,true,false],[3,7,4,true,true,false],[3,12,4,
true,false,false],[3,13,1,true,false,true],[3,14,1,true,true,false],[5,4,3,true,false,true],[6,
3,3,true,true,false],[6,11,4,true,false,false],[7,2,0,false,false,false],[8,18,1,true,true,
false],[8,21,1,true,true,false],[8,27,1,true,true,false],[8,31,1,true,false,false],[8,33,0,
true,true,false],[8,39,1,true,false,false],[8,50,1,true,true,false],[8,55,1,true,false,false],
[8,56,0,false,false,false],[9,20,0,true,true,false],[9,22,0,false,false,false],[10,26,0,true,
true,false],[12,2,0,false,false,false]],"summary":{"branches":{"count":2,"covered":1,
"notcovered":1,"percent":50},"functions":{"count":3,"covered":1,"percent":33.33333333333333},
"instantiations":{"count":4,"covered":2,"percent":50},"lines":{"count":10,"covered":5,
"percent":50},"regions":{"count":6,"covered":3,"notcovered":3,"percent":50}}}],
"functions":[{"branches":[[7,19,7,24,3,1,0,0,4],[11,9,11,19,1,9,0,0,4],[17,5,17,11,0,1,0,0,4],
[18,5,18,12,1,0,0,0,4],[19,5,19,12,0,1,0,0,4],[21,10,21,27,1,0,0,0,4],[8,27,8,31,0,1,1,0,4]],
"count":1,"filenames":["/src/a.cc","/src/h.h"],"name":"main","regions":[[5,28,22,2,1,0,0,0],[7,
19,7,24,4,0,0,0],[7,26,7,29,3,0,0,0],[7,30,7,31,3,0,0,3],[7,31,7,45,3,0,0,0],[9,3,9,8,1,0,1,1],
[10,10,10,14,10,0,0,0],[10,15,10,16,10,0,0,3],[10,16,12,4,10,0,0,0],[11,9,11,19,10,0,0,0],[11,
20,11,21,1,0,0,3],[11,21,11,26,1,0,0,0],[13,7,13,24,1,0,0,0],[13,25,13,26,0,0,0,3],[13,26,15,4,
0,0,0,0],[16,16,19,22,0,0,0,3],[17,5,17,21,0,0,0,0],[17,22,18,5,0,0,0,3],[18,5,18,19,1,0,0,0],
[18,20,19,5,0,0,0,3],[19,5,19,22,0,0,0,0],[20,4,21,3,1,0,0,3],[21,3,21,35,1,0,0,0],[21,10,21,
27,1,0,0,0],[21,29,21,30,1,0,0,3],[21,30,21,31,1,0,0,0],[21,34,21,35,0,0,0,0],[8,18,8,56,1,1,0,
0],[8,21,8,42,1,1,0,0],[8,27,8,31,1,1,0,0],[8,33,8,39,0,1,0,0],[8,50,8,55,1,1,0,0]]},
{"branches":[],"count":0,"filenames":["/src/h.h"],"name":"_Z4failv","regions":[[9,20,9,22,0,0,
0,0]]},{"branches":[[3,10,3,11,1,0,0,0,4],[3,15,3,20,0,1,0,0,4]],"count":1,
"filenames":["/src/a.cc"],"name":"a.cc:_ZL6hiddeni","regions":[[2,26,4,2,1,0,0,0],[3,10,3,11,1,
0,0,0],[3,10,3,20,1,0,0,0],[3,15,3,20,1,0,0,0],[3,22,3,23,0,0,0,3],[3,23,3,24,0,0,0,0],[3,27,3,
28,1,0,0,0]]},{"branches":[[3,7,3,12,0,3,0,0,4]],"count":3,"filenames":["/src/h.h"],
"name":"_Z4pickIiEiT_","regions":[[2,37,7,2,3,0,0,0],[3,7,3,12,3,0,0,0],[3,13,3,14,0,0,0,3],[3,
14,5,4,0,0,0,0],[5,4,6,3,3,0,0,3],[6,3,6,11,3,0,0,0]]},{"branches":[[3,7,3,12,1,0,0,0,4]],
"count":1,"filenames":["/src/h.h"],"name":"_Z4pickIlEiT_","regions":[[2,37,7,2,1,0,0,0],[3,7,3,
12,1,0,0,0],[3,13,3,14,1,0,0,3],[3,14,5,4,1,0,0,0],[5,4,6,3,0,0,0,3],[6,3,6,11,0,0,0,0]]},
{"branches":[],"count":0,"filenames":["/src/h.h"],"name":"_Z6unusedi","regions":[[10,26,12,2,0,
0,0,0]]}],"totals":{"branches":{"count":20,"covered":12,"notcovered":8,"percent":60},
"functions":{"count":5,"covered":3,"percent":60},"instantiations":{"count":6,"covered":4,
"percent":66.66666666666666},"lines":{"count":31,"covered":22,"percent":70.96774193548387},
"regions":{"count":34,"covered":25,"notcovered":9,"percent":73.52941176470588}}}],
"type":"llvm.coverage.json.export","version":"2.0.1"})json";

inline constexpr std::string_view kLcov14 = R"json(SF:/src/a.cc
FN:5,main
FN:2,a.cc:_ZL6hiddeni
FNDA:1,main
FNDA:1,a.cc:_ZL6hiddeni
FNF:2
FNH:2
DA:2,1
DA:3,1
DA:4,1
DA:5,1
DA:6,1
DA:7,4
DA:8,1
DA:9,1
DA:10,10
DA:11,10
DA:12,10
DA:13,1
DA:14,0
DA:15,0
DA:16,1
DA:17,0
DA:18,1
DA:19,0
DA:20,1
DA:21,1
DA:22,1
BRDA:3,0,0,1
BRDA:3,0,1,0
BRDA:3,1,2,0
BRDA:3,1,3,1
BRDA:7,0,0,3
BRDA:7,0,1,1
BRDA:9,0,0,0
BRDA:9,0,1,1
BRDA:11,0,0,1
BRDA:11,0,1,9
BRDA:17,0,0,0
BRDA:17,0,1,1
BRDA:18,0,0,1
BRDA:18,0,1,0
BRDA:19,0,0,0
BRDA:19,0,1,1
BRDA:21,0,0,1
BRDA:21,0,1,0
BRF:18
BRH:11
LF:21
LH:17
end_of_record
SF:/src/h.h
FN:9,_Z4failv
FN:2,_Z4pickIiEiT_
FN:2,_Z4pickIlEiT_
FN:10,_Z6unusedi
FNDA:0,_Z4failv
FNDA:3,_Z4pickIiEiT_
FNDA:1,_Z4pickIlEiT_
FNDA:0,_Z6unusedi
FNF:3
FNH:1
DA:2,4
DA:3,4
DA:4,1
DA:5,1
DA:6,3
DA:7,4
DA:8,1
DA:9,0
DA:10,0
DA:11,0
DA:12,0
BRDA:3,0,0,0
BRDA:3,0,1,3
BRDA:3,1,2,1
BRDA:3,1,3,0
BRF:2
BRH:1
LF:10
LH:5
end_of_record
)json";

inline constexpr std::string_view kJson19 =
    R"json({"data":[{"files":[{"branches":[[7,19,7,24,3,1,0,0,4],[10,10,10,14,0,0,0,0,4],[11,9,11,19,1,9,
0,0,4],[13,7,13,24,0,0,0,0,4],[17,5,17,11,0,1,0,0,4],[18,5,18,12,1,0,0,0,4],[19,5,19,12,0,1,0,
0,4],[21,10,21,27,1,0,0,0,4],[3,10,3,11,1,0,0,0,4],[3,15,3,20,0,1,0,0,4]],
"filename":"/src/a.cc","mcdc_records":[],"segments":[[2,26,1,true,true,false],[3,10,1,true,
true,false],[3,11,1,true,false,false],[3,15,1,true,true,false],[3,20,1,true,false,false],[3,22,
0,true,false,true],[3,23,0,true,true,false],[3,24,1,true,false,false],[3,27,1,true,true,false],
[3,28,1,true,false,false],[4,2,0,false,false,false],[5,28,1,true,true,false],[7,19,4,true,true,
false],[7,24,1,true,false,false],[7,26,3,true,true,false],[7,29,1,true,false,false],[7,30,3,
true,false,true],[7,31,3,true,true,false],[7,45,1,true,false,false],[9,3,1,true,true,false],[9,
8,1,true,false,false],[10,10,10,true,true,false],[10,14,1,true,false,false],[10,15,10,true,
false,true],[10,16,10,true,true,false],[11,9,10,true,true,false],[11,19,10,true,false,false],
[11,20,1,true,false,true],[11,21,1,true,true,false],[11,26,10,true,false,false],[12,4,1,true,
false,false],[13,7,1,true,true,false],[13,24,1,true,false,false],[13,25,0,true,false,true],[13,
26,0,true,true,false],[15,4,1,true,false,false],[16,16,0,true,false,true],[17,5,0,true,true,
false],[17,21,0,true,false,true],[18,5,1,true,true,false],[18,19,0,true,false,true],[19,5,0,
true,true,false],[19,22,1,true,false,false],[21,3,1,true,true,false],[21,10,1,true,true,false],
[21,27,1,true,false,false],[21,30,1,true,true,false],[21,31,1,true,false,false],[21,34,0,true,
true,false],[21,35,1,true,false,false],[22,2,0,false,false,false]],
"summary":{"branches":{"count":18,"covered":11,"notcovered":7,"percent":61.111111111111114},
"functions":{"count":2,"covered":2,"percent":100},"instantiations":{"count":2,"covered":2,
"percent":100},"lines":{"count":21,"covered":17,"percent":80.95238095238095},"mcdc":{"count":0,
"covered":0,"notcovered":0,"percent":0},"regions":{"count":28,"covered":22,"notcovered":6,
"percent":78.57142857142857}}},{"branches":[[3,7,3,12,0,3,0,0,4],[3,7,3,12,1,0,0,0,4]],
"filename":"/src/h.h","mcdc_records":[],"segments":[[2,37,4,true,true,false],[3,7,4,true,true,
false],[3,12,4,true,false,false],[3,13,1,true,false,true],[3,14,1,true,true,false],[5,4,3,true,
false,true],[6,3,3,true,true,false],[6,11,4,true,false,false],[7,2,0,false,false,false],[8,18,
1,true,true,false],[8,21,1,true,true,false],[8,27,1,true,true,false],[8,31,1,true,false,false],
[8,33,0,true,true,false],[8,39,1,true,false,false],[8,50,1,true,true,false],[8,55,1,true,false,
false],[8,56,0,false,false,false],[9,20,0,true,true,false],[9,22,0,false,false,false],[10,26,0,
true,true,false],[12,2,0,false,false,false]],"summary":{"branches":{"count":2,"covered":1,
"notcovered":1,"percent":50},"functions":{"count":3,"covered":1,"percent":33.33333333333333},
"instantiations":{"count":4,"covered":2,"percent":50},"lines":{"count":10,"covered":5,
"percent":50},"mcdc":{"count":0,"covered":0,"notcovered":0,"percent":0},"regions":{"count":6,
"covered":3,"notcovered":3,"percent":50}}}],"functions":[{"branches":[[7,19,7,24,3,1,0,0,4],
[11,9,11,19,1,9,0,0,4],[17,5,17,11,0,1,0,0,4],[18,5,18,12,1,0,0,0,4],[19,5,19,12,0,1,0,0,4],
[21,10,21,27,1,0,0,0,4],[8,27,8,31,0,1,1,0,4]],"count":1,"filenames":["/src/a.cc","/src/h.h"],
"mcdc_records":[],"name":"main","regions":[[5,28,22,2,1,0,0,0],[7,19,7,24,4,0,0,0],[7,26,7,29,
3,0,0,0],[7,30,7,31,3,0,0,3],[7,31,7,45,3,0,0,0],[9,3,9,8,1,0,1,1],[10,10,10,14,10,0,0,0],[10,
15,10,16,10,0,0,3],[10,16,12,4,10,0,0,0],[11,9,11,19,10,0,0,0],[11,20,11,21,1,0,0,3],[11,21,11,
26,1,0,0,0],[13,7,13,24,1,0,0,0],[13,25,13,26,0,0,0,3],[13,26,15,4,0,0,0,0],[16,16,19,22,0,0,0,
3],[17,5,17,21,0,0,0,0],[17,22,18,5,0,0,0,3],[18,5,18,19,1,0,0,0],[18,20,19,5,0,0,0,3],[19,5,
19,22,0,0,0,0],[20,4,21,3,1,0,0,3],[21,3,21,35,1,0,0,0],[21,10,21,27,1,0,0,0],[21,29,21,30,1,0,
0,3],[21,30,21,31,1,0,0,0],[21,34,21,35,0,0,0,0],[8,18,8,56,1,1,0,0],[8,21,8,42,1,1,0,0],[8,27,
8,31,1,1,0,0],[8,33,8,39,0,1,0,0],[8,50,8,55,1,1,0,0]]},{"branches":[],"count":0,
"filenames":["/src/h.h"],"mcdc_records":[],"name":"_Z4failv","regions":[[9,20,9,22,0,0,0,0]]},
{"branches":[[3,10,3,11,1,0,0,0,4],[3,15,3,20,0,1,0,0,4]],"count":1,"filenames":["/src/a.cc"],
"mcdc_records":[],"name":"a.cc:_ZL6hiddeni","regions":[[2,26,4,2,1,0,0,0],[3,10,3,11,1,0,0,0],
[3,10,3,20,1,0,0,0],[3,15,3,20,1,0,0,0],[3,22,3,23,0,0,0,3],[3,23,3,24,0,0,0,0],[3,27,3,28,1,0,
0,0]]},{"branches":[[3,7,3,12,0,3,0,0,4]],"count":3,"filenames":["/src/h.h"],"mcdc_records":[],
"name":"_Z4pickIiEiT_","regions":[[2,37,7,2,3,0,0,0],[3,7,3,12,3,0,0,0],[3,13,3,14,0,0,0,3],[3,
14,5,4,0,0,0,0],[5,4,6,3,3,0,0,3],[6,3,6,11,3,0,0,0]]},{"branches":[[3,7,3,12,1,0,0,0,4]],
"count":1,"filenames":["/src/h.h"],"mcdc_records":[],"name":"_Z4pickIlEiT_","regions":[[2,37,7,
2,1,0,0,0],[3,7,3,12,1,0,0,0],[3,13,3,14,1,0,0,3],[3,14,5,4,1,0,0,0],[5,4,6,3,0,0,0,3],[6,3,6,
11,0,0,0,0]]},{"branches":[],"count":0,"filenames":["/src/h.h"],"mcdc_records":[],
"name":"_Z6unusedi","regions":[[10,26,12,2,0,0,0,0]]}],"totals":{"branches":{"count":20,
"covered":12,"notcovered":8,"percent":60},"functions":{"count":5,"covered":3,"percent":60},
"instantiations":{"count":6,"covered":4,"percent":66.66666666666666},"lines":{"count":31,
"covered":22,"percent":70.96774193548387},"mcdc":{"count":0,"covered":0,"notcovered":0,
"percent":0},"regions":{"count":34,"covered":25,"notcovered":9,"percent":73.52941176470588}}}],
"type":"llvm.coverage.json.export","version":"2.0.1"})json";

inline constexpr std::string_view kLcov19 = R"json(SF:/src/a.cc
FN:5,main
FN:2,a.cc:_ZL6hiddeni
FNDA:1,main
FNDA:1,a.cc:_ZL6hiddeni
FNF:2
FNH:2
DA:2,1
DA:3,1
DA:4,1
DA:5,1
DA:6,1
DA:7,4
DA:8,1
DA:9,1
DA:10,10
DA:11,10
DA:12,10
DA:13,1
DA:14,0
DA:15,0
DA:16,1
DA:17,0
DA:18,1
DA:19,0
DA:20,1
DA:21,1
DA:22,1
BRDA:3,0,0,1
BRDA:3,0,1,0
BRDA:3,1,2,0
BRDA:3,1,3,1
BRDA:7,0,0,3
BRDA:7,0,1,1
BRDA:9,0,0,0
BRDA:9,0,1,1
BRDA:11,0,0,1
BRDA:11,0,1,9
BRDA:17,0,0,0
BRDA:17,0,1,1
BRDA:18,0,0,1
BRDA:18,0,1,0
BRDA:19,0,0,0
BRDA:19,0,1,1
BRDA:21,0,0,1
BRDA:21,0,1,0
BRF:18
BRH:11
LF:21
LH:17
end_of_record
SF:/src/h.h
FN:9,_Z4failv
FN:2,_Z4pickIiEiT_
FN:2,_Z4pickIlEiT_
FN:10,_Z6unusedi
FNDA:0,_Z4failv
FNDA:3,_Z4pickIiEiT_
FNDA:1,_Z4pickIlEiT_
FNDA:0,_Z6unusedi
FNF:3
FNH:1
DA:2,4
DA:3,4
DA:4,1
DA:5,1
DA:6,3
DA:7,4
DA:8,1
DA:9,0
DA:10,0
DA:11,0
DA:12,0
BRDA:3,0,0,0
BRDA:3,0,1,3
BRDA:3,1,2,1
BRDA:3,1,3,0
BRF:2
BRH:1
LF:10
LH:5
end_of_record
)json";

}  // namespace gentle::recorded
