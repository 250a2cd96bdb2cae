#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "day_file.hpp"
#include "hdf5.hpp"
#include "packed_column.hpp"

namespace sluice::adapters::tick_store {
namespace {

[[nodiscard]] StoreError bad_column(StoreFault fault, const std::string& where,
                                    const std::string& column, const std::string& what) {
    return {fault, where, "column '" + column + "' " + what,
            "Import that day again with --replace"};
}

[[nodiscard]] bool is_packed(hid_t create) {
    unsigned flags = 0;
    unsigned config = 0;
    std::size_t values = 0;
    hsize_t chunk = 0;
    return H5Pget_chunk(create, 1, &chunk) == 1 && chunk == kChunkRows &&
           H5Pget_nfilters(create) == 1 &&
           H5Pget_filter2(create, 0, &flags, &values, nullptr, 0, nullptr, &config) ==
               kPackedFilter;
}

// The places of a packed column's chunks; each lies within the file.
[[nodiscard]] std::vector<ChunkPlace> open_chunks(hid_t data, std::uint64_t rows,
                                                  std::uint64_t file_size, const std::string& name,
                                                  const std::string& where) {
    std::vector<ChunkPlace> out;
    for (hsize_t row = 0; row < rows; row += kChunkRows) {
        unsigned mask = 0;
        haddr_t offset = HADDR_UNDEF;
        hsize_t size = 0;
        if (H5Dget_chunk_info_by_coord(data, &row, &mask, &offset, &size) < 0 || mask != 0 ||
            offset == HADDR_UNDEF || offset > file_size || size > file_size - offset ||
            size > UINT32_MAX)
            throw h5::damaged(where, "a chunk of column '" + name + "' is missing or out of place");
        out.push_back({offset, static_cast<std::uint32_t>(size)});
    }
    return out;
}

// Where one column lies; its length is compared with the table's rows.
void open_column(hid_t group, const ColumnSpec& spec, const std::string& where,
                 std::uint64_t file_size, TablePlace& table, ColumnPlace& place) {
    const std::string name = table_name(table.key) + "/" + spec.name;
    if (H5Lexists(group, spec.name, H5P_DEFAULT) <= 0) {
        if (spec.optional) return;
        throw bad_column(StoreFault::kMissingColumn, where, name, "is missing");
    }
    place.present = true;
    const h5::Id data{H5Dopen2(group, spec.name, H5P_DEFAULT), H5Dclose};
    if (!data.ok()) throw h5::damaged(where, "column '" + name + "' cannot be opened");
    const h5::Id type{H5Dget_type(data.get()), H5Tclose};
    const h5::Id space{H5Dget_space(data.get()), H5Sclose};
    const h5::Id create{H5Dget_create_plist(data.get()), H5Pclose};
    if (H5Tequal(type.get(), h5::column_type(width_of(spec.type))) <= 0)
        throw bad_column(StoreFault::kBadColumn, where, name, "has another type");
    const H5D_layout_t layout = H5Pget_layout(create.get());
    const bool packed = layout == H5D_CHUNKED && is_packed(create.get());
    if (H5Sget_simple_extent_ndims(space.get()) != 1 || (layout != H5D_CONTIGUOUS && !packed))
        throw bad_column(StoreFault::kBadColumn, where, name,
                         "is neither one contiguous row of values nor packed by this program");
    const auto rows = static_cast<std::uint64_t>(H5Sget_simple_extent_npoints(space.get()));
    if (rows != table.rows)
        throw bad_column(
            StoreFault::kLengthMismatch, where, name,
            "has " + std::to_string(rows) + " rows, its table " + std::to_string(table.rows));
    place.checksum = h5::read_hash(data.get(), "xxh3", where);
    if (rows == 0) return;
    if (&place != &table.columns.front() && packed != table.packed)
        throw bad_column(StoreFault::kBadColumn, where, name,
                         "is packed and others of its table are not, or the reverse");
    table.packed = packed;
    if (packed) {
        place.chunks = open_chunks(data.get(), rows, file_size, name, where);
        return;
    }
    const haddr_t offset = H5Dget_offset(data.get());
    const std::uint64_t width = width_of(spec.type);
    if (offset == HADDR_UNDEF || offset % width != 0)
        throw bad_column(StoreFault::kBadColumn, where, name, "does not lie aligned in the file");
    if (offset > file_size || rows > (file_size - offset) / width)
        throw h5::damaged(where, "column '" + name + "' reaches beyond the end of the file");
    place.offset = offset;
}

[[nodiscard]] TableInfo open_table(hid_t file, const std::string& where, std::uint64_t file_size,
                                   TablePlace& place) {
    const std::string name = table_name(place.key);
    const h5::Id group{H5Gopen2(file, name.c_str(), H5P_DEFAULT), H5Gclose};
    if (!group.ok()) throw h5::damaged(where, "group '" + name + "' is unreadable");
    const hid_t g = group.get();
    TableInfo info;
    info.key = place.key;
    const std::int64_t rows = h5::read_int(g, "rows", where);
    if (rows < 0) throw h5::damaged(where, "group '" + name + "' has no length");
    info.rows = static_cast<std::uint64_t>(rows);
    info.first = core::time_from_ns<StreamTime>(h5::read_int(g, "first_time", where));
    info.last = core::time_from_ns<StreamTime>(h5::read_int(g, "last_time", where));
    info.out_of_order = static_cast<std::uint64_t>(h5::read_int(g, "out_of_order", where));
    info.source.name = h5::read_text(g, "source", where);
    info.source.sha256 = h5::read_text(g, "source_sha256", where);
    info.source.rows = static_cast<std::uint64_t>(h5::read_int(g, "source_rows", where));
    place.rows = info.rows;
    const TableSpec& spec = spec_of(place.key.kind);
    place.columns.resize(spec.size());
    for (std::size_t i = 0; i < spec.size(); ++i)
        open_column(g, spec[i], where, file_size, place, place.columns[i]);
    return info;
}

// The tables that the file holds, by their groups' names; other groups are not ours to read.
[[nodiscard]] std::vector<TableKey> held_tables(hid_t file) {
    std::vector<TableKey> out;
    const auto visit = [](hid_t, const char* name, const H5L_info_t*, void* keys) -> herr_t {
        if (const auto key = pipeline::parse_table_name(name))
            static_cast<std::vector<TableKey>*>(keys)->push_back(*key);
        return 0;
    };
    H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &out);
    std::sort(out.begin(), out.end());
    return out;
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
    info.instrument.multiplier = core::Quantity::from_raw(h5::read_int(file, "multiplier", where));
    const auto asset_class = pipeline::parse_asset_class(h5::read_text(file, "asset_class", where));
    if (!asset_class) throw h5::damaged(where, "the asset class is none that there is");
    info.instrument.asset_class = *asset_class;
    info.instrument.generated = h5::read_int(file, "generated", where) != 0;
    info.generator = h5::read_text(file, "generator", where);
}

}  // namespace

const TablePlace* DayFile::find(TableKey key) const noexcept {
    for (const TablePlace& table : tables)
        if (table.key == key) return &table;
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
    for (const TableKey key : held_tables(file.get())) {
        TablePlace place;
        place.key = key;
        TableInfo info = open_table(file.get(), where, out.identity.size, place);
        if (place.packed) out.info.compression = Compression::kPacked;
        out.tables.push_back(std::move(place));
        if (key.kind == TableKind::kTruth)
            out.info.has_truth = true;
        else
            out.info.tables.push_back(std::move(info));
    }
    return out;
}

}  // namespace sluice::adapters::tick_store
