#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "day_file.hpp"
#include "hdf5.hpp"

namespace sluice::adapters::tick_store {
namespace {

constexpr ColumnSpec kTradeColumns[] = {
    {"time", ColumnType::kInt64},     {"price", ColumnType::kInt64},
    {"quantity", ColumnType::kInt64}, {"conditions", ColumnType::kUint32},
    {"exchange", ColumnType::kUint8}, {"flags", ColumnType::kUint8},
};
constexpr ColumnSpec kQuoteColumns[] = {
    {"time", ColumnType::kInt64},     {"bid", ColumnType::kInt64},
    {"ask", ColumnType::kInt64},      {"bid_size", ColumnType::kInt64},
    {"ask_size", ColumnType::kInt64}, {"conditions", ColumnType::kUint32},
    {"exchange", ColumnType::kUint8}, {"flags", ColumnType::kUint8},
};
constexpr ColumnSpec kTruthColumns[] = {
    {"start", ColumnType::kInt64},
    {"end", ColumnType::kInt64},
    {"regime", ColumnType::kUint8},
};
static_assert(std::size(kQuoteColumns) <= kMaxColumns);

[[nodiscard]] StoreError bad_column(StoreFault fault, const std::string& where,
                                    const std::string& column, const std::string& what) {
    return {fault, where, "column '" + column + "' " + what,
            "Import that day again with --replace"};
}

// Offset and checksum of one column into `place`; its length is compared with the table's rows.
void open_column(hid_t group, const ColumnSpec& spec, std::size_t index, const std::string& where,
                 std::uint64_t file_size, TablePlace& place) {
    const std::string name = std::string(place.spec->name) + "/" + spec.name;
    if (H5Lexists(group, spec.name, H5P_DEFAULT) <= 0)
        throw bad_column(StoreFault::kMissingColumn, where, name, "is missing");
    const h5::Id data{H5Dopen2(group, spec.name, H5P_DEFAULT), H5Dclose};
    if (!data.ok()) throw h5::damaged(where, "column '" + name + "' cannot be opened");
    const h5::Id type{H5Dget_type(data.get()), H5Tclose};
    const h5::Id space{H5Dget_space(data.get()), H5Sclose};
    const h5::Id create{H5Dget_create_plist(data.get()), H5Pclose};
    if (H5Tequal(type.get(), h5::column_type(width_of(spec.type))) <= 0)
        throw bad_column(StoreFault::kBadColumn, where, name, "has another type");
    if (H5Sget_simple_extent_ndims(space.get()) != 1 ||
        H5Pget_layout(create.get()) != H5D_CONTIGUOUS)
        throw bad_column(StoreFault::kBadColumn, where, name,
                         "is not one contiguous row of values");
    const auto rows = static_cast<std::uint64_t>(H5Sget_simple_extent_npoints(space.get()));
    if (rows != place.rows)
        throw bad_column(
            StoreFault::kLengthMismatch, where, name,
            "has " + std::to_string(rows) + " rows, its table " + std::to_string(place.rows));
    place.checksums[index] = h5::read_hash(data.get(), "xxh3", where);
    if (rows == 0) return;
    const haddr_t offset = H5Dget_offset(data.get());
    const std::uint64_t width = width_of(spec.type);
    if (offset == HADDR_UNDEF || offset % width != 0)
        throw bad_column(StoreFault::kBadColumn, where, name, "does not lie aligned in the file");
    if (offset > file_size || rows > (file_size - offset) / width)
        throw h5::damaged(where, "column '" + name + "' reaches beyond the end of the file");
    place.offsets[index] = offset;
}

[[nodiscard]] TableInfo open_table(hid_t file, const TableSpec& spec, const std::string& where,
                                   std::uint64_t file_size, TablePlace& place) {
    const h5::Id group{H5Gopen2(file, spec.name, H5P_DEFAULT), H5Gclose};
    if (!group.ok())
        throw h5::damaged(where, std::string("group '") + spec.name + "' is unreadable");
    const hid_t g = group.get();
    TableInfo info;
    const std::int64_t rows = h5::read_int(g, "rows", where);
    if (rows < 0) throw h5::damaged(where, std::string("group '") + spec.name + "' has no length");
    info.rows = static_cast<std::uint64_t>(rows);
    info.first = core::time_from_ns<StreamTime>(h5::read_int(g, "first_time", where));
    info.last = core::time_from_ns<StreamTime>(h5::read_int(g, "last_time", where));
    info.out_of_order = static_cast<std::uint64_t>(h5::read_int(g, "out_of_order", where));
    info.source.name = h5::read_text(g, "source", where);
    info.source.sha256 = h5::read_text(g, "source_sha256", where);
    info.source.rows = static_cast<std::uint64_t>(h5::read_int(g, "source_rows", where));
    place.spec = &spec;
    place.rows = info.rows;
    for (std::size_t i = 0; i < spec.columns.size(); ++i)
        open_column(g, spec.columns[i], i, where, file_size, place);
    return info;
}

void open_root(hid_t file, const std::string& where, DayInfo& info) {
    if (H5Aexists(file, "format") <= 0 || h5::read_text(file, "format", where) != kFormatName)
        throw StoreError(StoreFault::kWrongFormat, where, "an HDF5 file of another kind",
                         "Remove it from the store");
    const std::int64_t version = h5::read_int(file, "version", where);
    if (version != kFormatVersion)
        throw StoreError(StoreFault::kWrongFormat, where,
                         "written in version " + std::to_string(version) +
                             " of the format; this program reads version " +
                             std::to_string(kFormatVersion),
                         "Import that day again, or use the program that wrote it");
    if (h5::read_int(file, "price_scale", where) != core::Price::kScale ||
        h5::read_int(file, "quantity_scale", where) != core::Quantity::kScale)
        throw StoreError(StoreFault::kWrongFormat, where, "prices or quantities of another scale",
                         "Import that day again");
    const auto date = parse_iso_date(h5::read_text(file, "date", where));
    if (!date) throw h5::damaged(where, "the date is not a date");
    info.date = *date;
    info.instrument.symbol = h5::read_text(file, "symbol", where);
    info.instrument.currency = h5::read_text(file, "currency", where);
    info.instrument.time_zone = h5::read_text(file, "time_zone", where);
    info.instrument.tick_size = core::PriceDelta::from_raw(h5::read_int(file, "tick_size", where));
    info.instrument.lot_size = core::Quantity::from_raw(h5::read_int(file, "lot_size", where));
    info.instrument.generated = h5::read_int(file, "generated", where) != 0;
    info.generator = h5::read_text(file, "generator", where);
}

}  // namespace

const TableSpec& trades_spec() noexcept {
    static constexpr TableSpec spec{"trades", kTradeColumns};
    return spec;
}
const TableSpec& quotes_spec() noexcept {
    static constexpr TableSpec spec{"quotes", kQuoteColumns};
    return spec;
}
const TableSpec& truth_spec() noexcept {
    static constexpr TableSpec spec{"truth", kTruthColumns};
    return spec;
}

const TablePlace* DayFile::find(const TableSpec& spec) const noexcept {
    for (const TablePlace& table : tables)
        if (table.spec == &spec) return &table;
    return nullptr;
}

DayFile DayFile::open(const std::filesystem::path& path) {
    const std::string where = path.string();
    DayFile out;
    out.info.file = path;
    const int fd = ::open(where.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw unreadable(where);
    out.identity = identity_of(fd);
    ::close(fd);
    const h5::Session session;
    const h5::Id file = h5::open_file(where);
    open_root(file.get(), where, out.info);
    for (const TableSpec* spec : {&trades_spec(), &quotes_spec(), &truth_spec()}) {
        if (H5Lexists(file.get(), spec->name, H5P_DEFAULT) <= 0) continue;
        TablePlace place;
        TableInfo info = open_table(file.get(), *spec, where, out.identity.size, place);
        out.tables.push_back(place);
        if (spec == &trades_spec())
            out.info.trades = std::move(info);
        else if (spec == &quotes_spec())
            out.info.quotes = std::move(info);
        else
            out.info.has_truth = true;
    }
    return out;
}

}  // namespace sluice::adapters::tick_store
