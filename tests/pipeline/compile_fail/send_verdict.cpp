// expect: (invalid initialization of reference|no viable conversion|cannot convert|no known conversion|could not convert)
#include "prelude.hpp"

namespace snippet {

void smuggle(Wire& wire, const RiskGate::Verdict& verdict) {
    wire.send(verdict, StreamTime{}, Sequence{1});
}

}  // namespace snippet
