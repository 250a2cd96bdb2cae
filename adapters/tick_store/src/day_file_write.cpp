#include <cstring>
#include <system_error>
#include <utility>

#include "day_file.hpp"
#include "hdf5.hpp"
#include "packed_column.hpp"
#include "write_driver.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

// A column whose place is known and whose bytes are written once HDF5 has closed the file.
struct Pending {
    const ColumnSpool* spool;
    std::uint64_t offset;
};

[[nodiscard]] h5::Id create_column(hid_t group, const ColumnSpec& spec, std::uint64_t rows,
                                   bool packed) {
    const hsize_t length = rows;
    // Extendible in name, because HDF5 wants no chunk longer than a column that is not.
    const hsize_t most = packed ? H5S_UNLIMITED : length;
    const h5::Id space{H5Screate_simple(1, &length, &most), H5Sclose};
    const h5::Id create{H5Pcreate(H5P_DATASET_CREATE), H5Pclose};
    h5::check(H5Pset_obj_track_times(create.get(), false), spec.name);
    if (packed) {
        const hsize_t chunk = kChunkRows;
        const auto width = static_cast<unsigned>(width_of(spec.type));
        h5::check(H5Pset_chunk(create.get(), 1, &chunk), spec.name);
        h5::check(H5Pset_filter(create.get(), kPackedFilter, H5Z_FLAG_OPTIONAL, 1, &width),
                  spec.name);
    } else {
        h5::check(H5Pset_layout(create.get(), H5D_CONTIGUOUS), spec.name);
        h5::check(H5Pset_alloc_time(create.get(), H5D_ALLOC_TIME_EARLY), spec.name);
        h5::check(H5Pset_fill_time(create.get(), H5D_FILL_TIME_NEVER), spec.name);
    }
    h5::Id data{H5Dcreate2(group, spec.name, h5::column_type(width_of(spec.type)), space.get(),
                           H5P_DEFAULT, create.get(), H5P_DEFAULT),
                H5Dclose};
    h5::check(data.ok() ? 0 : -1, spec.name);
    return data;
}

void write_packed(const h5::Id& data, const ColumnSpec& spec, const ColumnSpool& spool) {
    const std::size_t chunk_bytes = kChunkRows * width_of(spec.type);
    std::vector<std::byte> whole;
    std::vector<std::byte> packed;
    hsize_t row = 0;
    spool.read(chunk_bytes, [&](std::span<const std::byte> values) {
        if (values.size() < chunk_bytes) {
            // HDF5's chunks have one length: the last one is filled up.
            whole.assign(values.begin(), values.end());
            const std::size_t width = width_of(spec.type);
            while (whole.size() < chunk_bytes)
                whole.insert(whole.end(), values.end() - static_cast<std::ptrdiff_t>(width),
                             values.end());
            values = whole;
        }
        const auto bytes = pack_chunk(spec.type, values, packed);
        h5::check(H5Dwrite_chunk(data.get(), H5P_DEFAULT, 0, &row, bytes.size(), bytes.data()),
                  spec.name);
        row += kChunkRows;
    });
}

void write_table(hid_t file, const TableBuilder& table, Compression compression,
                 std::vector<Pending>& pending) {
    const std::string name = table_name(table.key());
    const TableInfo& info = table.info();
    const h5::Id group = h5::create_group(file, name.c_str());
    const hid_t g = group.get();
    h5::write_int(g, "rows", static_cast<std::int64_t>(info.rows));
    h5::write_int(g, "first_time", core::ns_since_epoch(info.first));
    h5::write_int(g, "last_time", core::ns_since_epoch(info.last));
    h5::write_int(g, "out_of_order", static_cast<std::int64_t>(info.out_of_order));
    h5::write_text(g, "source", info.source.name);
    h5::write_text(g, "source_sha256", info.source.sha256);
    h5::write_int(g, "source_rows", static_cast<std::int64_t>(info.source.rows));
    const bool packed = compression == Compression::kPacked && info.rows != 0;
    for (std::size_t i = 0; i < table.spec().size(); ++i) {
        if (!table.present(i)) continue;
        const ColumnSpec& spec = table.spec()[i];
        const ColumnSpool& spool = table.column(i);
        const h5::Id data = create_column(g, spec, info.rows, packed);
        h5::write_hash(data.get(), "xxh3", spool.checksum());
        if (packed)
            write_packed(data, spec, spool);
        else if (info.rows != 0)
            pending.push_back({&spool, H5Dget_offset(data.get())});
    }
}

void write_root(hid_t file, const DayInfo& info) {
    const pipeline::Instrument& instrument = info.instrument;
    h5::write_text(file, "format", kFormatName);
    h5::write_int(file, "version", kFormatVersion);
    h5::write_text(file, "symbol", instrument.symbol);
    h5::write_text(file, "date", iso_date(info.date));
    h5::write_text(file, "currency", instrument.currency);
    h5::write_text(file, "time_zone", instrument.time_zone);
    h5::write_text(file, "asset_class", pipeline::to_string(instrument.asset_class));
    h5::write_int(file, "tick_size", instrument.tick_size.raw());
    h5::write_int(file, "lot_size", instrument.lot_size.raw());
    h5::write_int(file, "multiplier", instrument.multiplier.raw());
    h5::write_int(file, "price_scale", core::Price::kScale);
    h5::write_int(file, "quantity_scale", core::Quantity::kScale);
    h5::write_int(file, "generated", instrument.generated ? 1 : 0);
    h5::write_text(file, "generator", info.generator);
}

[[nodiscard]] bool given(std::span<const std::unique_ptr<TableBuilder>> tables,
                         TableKey key) noexcept {
    for (const auto& table : tables)
        if (table->key() == key) return true;
    return false;
}

void copy_kept(hid_t to, std::span<const std::unique_ptr<TableBuilder>> tables,
               const DayFile& kept) {
    const std::string where = kept.info.file.string();
    const h5::Id old = h5::open_file(where);
    for (const TablePlace& table : kept.tables) {
        if (given(tables, table.key)) continue;
        const std::string name = table_name(table.key);
        if (H5Ocopy(old.get(), name.c_str(), to, name.c_str(), H5P_DEFAULT, H5P_DEFAULT) < 0)
            throw h5::damaged(where, "group '" + name + "' cannot be copied");
    }
}

}  // namespace

void write_day_file(const fs::path& path, const DayInfo& info,
                    std::span<const std::unique_ptr<TableBuilder>> tables, const DayFile* kept) {
    TemporaryFile file(path);
    std::vector<Pending> pending;
    {
        const h5::Session session;
        int error = 0;
        {
            const h5::Id target = h5::create_file(file.fd(), error);
            write_root(target.get(), info);
            for (const auto& table : tables)
                write_table(target.get(), *table, info.compression, pending);
            if (kept != nullptr) copy_kept(target.get(), tables, *kept);
        }
        if (error != 0) throw write_failed(file.path(), error);
    }
    for (const Pending& column : pending) {
        std::uint64_t at = column.offset;
        column.spool->read(std::size_t{1} << 20U, [&](std::span<const std::byte> bytes) {
            if (const int error = write_at(file.fd(), bytes, at))
                throw write_failed(file.path(), error);
            at += bytes.size();
        });
    }
    file.publish();
}

}  // namespace sluice::adapters::tick_store
