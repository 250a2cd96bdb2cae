// What the tests of the Dukascopy importer share: files made row by row.
#pragma once

#include <lzma.h>

#include <bit>
#include <initializer_list>
#include <string>

#include <sluice/adapters/dukascopy/dukascopy_import.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {

inline void append_big_endian(std::string& to, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(value >> shift);
}
[[nodiscard]] inline std::string bi5_tick(std::uint32_t ms, std::uint32_t ask, std::uint32_t bid,
                                          float ask_volume, float bid_volume) {
    std::string out;
    for (const std::uint32_t value : {ms, ask, bid, std::bit_cast<std::uint32_t>(ask_volume),
                                      std::bit_cast<std::uint32_t>(bid_volume)})
        append_big_endian(out, value);
    return out;
}
[[nodiscard]] inline std::string bi5_candle(std::uint32_t second, std::uint32_t open,
                                            std::uint32_t close, std::uint32_t low,
                                            std::uint32_t high, float volume) {
    std::string out;
    for (const std::uint32_t value :
         {second, open, close, low, high, std::bit_cast<std::uint32_t>(volume)})
        append_big_endian(out, value);
    return out;
}
[[nodiscard]] inline std::string lzma_alone(const std::string& bytes,
                                            std::uint32_t window = 1U << 16U) {
    lzma_options_lzma options;
    (void)::lzma_lzma_preset(&options, 1);
    options.dict_size = window;
    lzma_stream stream = LZMA_STREAM_INIT;
    if (::lzma_alone_encoder(&stream, &options) != LZMA_OK) throw std::bad_alloc();
    std::string out(bytes.size() * 2 + 1'024, '\0');
    stream.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    stream.avail_in = bytes.size();
    stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    stream.avail_out = out.size();
    if (::lzma_code(&stream, LZMA_FINISH) != LZMA_STREAM_END) throw std::bad_alloc();
    out.resize(out.size() - stream.avail_out);
    ::lzma_end(&stream);
    return out;
}

struct DukascopyRun {
    TempFolder folder;
    MemorySink sink;
    adapters::dukascopy::DukascopyOptions options;

    pipeline::ImportReport import(const std::string& path = "") {
        return adapters::dukascopy::import_dukascopy(folder / path, sink, options);
    }
    std::string refusal(pipeline::ImportFault fault, const std::string& path = "") {
        try {
            (void)import(path);
        } catch (const pipeline::ImportError& error) {
            EXPECT_EQ(error.fault(), fault) << error.what();
            EXPECT_TRUE(sink.sources.empty());
            return error.what();
        }
        ADD_FAILURE() << "was not refused";
        return {};
    }
};

}  // namespace sluice::tests
