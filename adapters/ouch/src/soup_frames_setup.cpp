// Start-up half of the framing: its memory.
#include <sluice/adapters/ouch/soup_frames.hpp>

namespace sluice::adapters::ouch {

FrameReader::FrameReader() : bytes_(2 * kSoupPacketMax) {}

}  // namespace sluice::adapters::ouch
