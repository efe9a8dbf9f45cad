/// What one column of one job draws from: the key of a family of streams, one for each record and try.
///
/// Every value depends only on (job seed, column **name**, purpose, record, restart, correction): not on the batch in
/// which a record is drawn, the place of the column in the file, the worker, or what was drawn before.
package struct RandomSource: Sendable {
    /// The version of everything that decides which value a seed gives. A job stores the version it
    /// was drawn with; a change to any draw raises it.
    package static let generatorVersion = 1

    /// What a stream is for, so that two uses of one cell never share random bits.
    package enum Purpose: UInt64, Sendable {
        /// A sampler's value.
        case sample = 1
        /// The random filters and globals of a template.
        case template = 2
        /// A sampled inference parameter.
        case temperature = 3
        case topP = 4
        /// The order of a seed data set.
        case shuffle = 5
    }

    @usableFromInline let key: Philox.Key
    @usableFromInline let purpose: Purpose

    package init(seed: UInt64, column: String, purpose: Purpose) {
        key = (seed, Self.hash(column))
        self.purpose = purpose
    }

    /// The stream of one try at one record's value. `restart` and `correction` are below 2^32; a sampler that draws
    /// again because of a constraint counts its rounds in `restart`.
    @inlinable
    @inline(__always)
    package func stream(record: Int64, restart: UInt32 = 0, correction: UInt32 = 0) -> RandomStream {
        RandomStream(
            key: key, record: UInt64(bitPattern: record), attempt: UInt64(restart) << 32 | UInt64(correction),
            purpose: purpose.rawValue)
    }

    /// FNV-1a over the UTF-8 bytes, then the 64-bit finaliser of MurmurHash3, so that short names differ in all bits.
    static func hash(_ name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }
}
