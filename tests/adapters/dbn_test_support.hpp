// What the tests of the DBN importer share: files made record by record, and a reference sink that
// remembers.
#pragma once

#include <zstd.h>

#include <cstring>
#include <string>
#include <vector>

#include <sluice/adapters/dbn/dbn_import.hpp>
#include <sluice/adapters/dbn/dbn_layout.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {

namespace dbn = adapters::dbn;

template <class T>
void append_bytes(std::string& to, const T& value) {
    const auto* const at = reinterpret_cast<const char*>(&value);
    to.append(at, sizeof(T));
}
inline void append_symbol(std::string& to, const std::string& symbol, std::size_t length) {
    to += symbol + std::string(length - symbol.size(), '\0');
}

struct Mapping {
    std::string symbol;
    std::uint32_t first = 20'240'102;
    std::uint32_t end = 20'240'103;
    std::string instrument = "7";
};

// The head of a file of that version, as the vendor writes it.
[[nodiscard]] inline std::string dbn_head(std::uint8_t version, std::uint16_t schema,
                                          const std::vector<Mapping>& mappings = {{"ESH4"}},
                                          std::uint8_t symbology_in = 1) {
    const std::size_t length = version == 1 ? dbn::kSymbolLengthV1 : dbn::kSymbolLength;
    std::string body;
    append_symbol(body, "GLBX.MDP3", 16);
    append_bytes(body, schema);
    for (int i = 0; i < (version == 1 ? 4 : 3); ++i) append_bytes(body, std::uint64_t{0});
    append_bytes(body, symbology_in);
    body += std::string(2, '\0');
    if (version > 1) append_bytes(body, static_cast<std::uint16_t>(length));
    body += std::string(version == 1 ? 47 : 53, '\0');
    append_bytes(body, std::uint32_t{0});
    append_bytes(body, std::uint32_t{1});
    append_symbol(body, "ES.FUT", length);
    append_bytes(body, std::uint32_t{0});
    append_bytes(body, std::uint32_t{0});
    append_bytes(body, static_cast<std::uint32_t>(mappings.size()));
    for (const Mapping& mapping : mappings) {
        append_symbol(body, mapping.symbol, length);
        append_bytes(body, std::uint32_t{1});
        append_bytes(body, mapping.first);
        append_bytes(body, mapping.end);
        append_symbol(body, mapping.instrument, length);
    }
    std::string out = "DBN";
    append_bytes(out, version);
    append_bytes(out, static_cast<std::uint32_t>(body.size()));
    return out + body;
}

template <class Record>
[[nodiscard]] dbn::RecordHeader header_of(std::uint8_t rtype, std::int64_t time_ns,
                                          std::uint32_t instrument = 7) {
    return {static_cast<std::uint8_t>(sizeof(Record) / dbn::kLengthUnit), rtype, 1, instrument,
            static_cast<std::uint64_t>(time_ns)};
}
[[nodiscard]] inline dbn::MboRecord mbo(char action, char side, std::int64_t offset_ns,
                                        std::uint64_t order = 1, std::uint8_t flags = 0x80) {
    return {header_of<dbn::MboRecord>(dbn::kMbo, kDayNs + offset_ns),
            order,
            4'800'250'000'000,
            3,
            flags,
            0,
            static_cast<std::uint8_t>(action),
            static_cast<std::uint8_t>(side),
            static_cast<std::uint64_t>(kDayNs + offset_ns + 50),
            10,
            99};
}
[[nodiscard]] inline dbn::TradeRecord trade(std::uint8_t rtype, char action, char side,
                                            std::int64_t offset_ns) {
    return {header_of<dbn::TradeRecord>(rtype, kDayNs + offset_ns),
            4'800'250'000'000,
            2,
            static_cast<std::uint8_t>(action),
            static_cast<std::uint8_t>(side),
            0x80,
            0,
            static_cast<std::uint64_t>(kDayNs + offset_ns + 50),
            10,
            100};
}
[[nodiscard]] inline dbn::Mbp1Record mbp1(std::uint8_t rtype, char action, char side,
                                          std::int64_t offset_ns) {
    dbn::Mbp1Record out{trade(rtype, action, side, offset_ns),
                        {4'800'000'000'000, 4'800'500'000'000, 11, 12, 3, 4}};
    out.event.header.length = sizeof(dbn::Mbp1Record) / dbn::kLengthUnit;
    return out;
}
// With a checksum, as the vendor's files have one.
[[nodiscard]] inline std::string compressed(const std::string& bytes) {
    std::string out(::ZSTD_compressBound(bytes.size()), '\0');
    ZSTD_CCtx* const context = ::ZSTD_createCCtx();
    (void)::ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    out.resize(::ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size()));
    (void)::ZSTD_freeCCtx(context);
    return out;
}

class MemoryReference final : public pipeline::ReferenceSink {
  public:
    pipeline::PutOutcome put_actions(const std::string&, const pipeline::CorporateActions&,
                                     const pipeline::Provenance&) override {
        return pipeline::PutOutcome::kWritten;
    }
    pipeline::PutOutcome put_calendar(const pipeline::SessionCalendar&,
                                      const pipeline::Provenance&) override {
        return pipeline::PutOutcome::kWritten;
    }
    pipeline::PutOutcome put_instruments(const std::vector<pipeline::Instrument>& given,
                                         const pipeline::Provenance& from) override {
        for (const pipeline::Instrument& instrument : given)
            instruments[instrument.symbol] = instrument;
        source = from;
        return pipeline::PutOutcome::kWritten;
    }
    std::map<std::string, pipeline::Instrument> instruments;
    pipeline::Provenance source;
};

// Says that it holds everything, and must then not be given anything.
class FullSink final : public pipeline::TickSink {
  public:
    [[nodiscard]] std::string fingerprint(std::string_view bytes) const override {
        return "of " + std::to_string(bytes.size());
    }
    [[nodiscard]] bool holds(const pipeline::Instrument& instrument, pipeline::Date,
                             pipeline::TableKey key, const std::string& sha256) override {
        asked.push_back(instrument.symbol + " " + pipeline::table_name(key) + " " + sha256);
        return true;
    }
    pipeline::PutOutcome put(const pipeline::Instrument&, const pipeline::DayTables&) override {
        ADD_FAILURE() << "put";
        return pipeline::PutOutcome::kUnchanged;
    }
    [[nodiscard]] std::unique_ptr<pipeline::DayWriter> open_day(const pipeline::Instrument&,
                                                                pipeline::Date) override {
        ADD_FAILURE() << "open_day";
        return nullptr;
    }
    std::vector<std::string> asked;
};

// Writes `bytes` as one file and imports it.
struct DbnRun {
    TempFolder folder;
    MemorySink sink;
    MemoryReference reference;
    dbn::DbnOptions options;

    pipeline::ImportReport import(const std::string& bytes, const std::string& name = "x.dbn") {
        write_file(folder / name, bytes);
        return dbn::import_dbn(folder / name, sink, &reference, options);
    }
    // The message of the error that the import ends with.
    std::string refusal(const std::string& bytes, pipeline::ImportFault fault,
                        const std::string& name = "x.dbn") {
        try {
            (void)import(bytes, name);
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
