import Glibc

/// Numbers in little space, mergeable: count, mean, deviation, least and greatest exactly, quantiles nearly.
///
/// A t-digest (Dunning, "Computing extremely accurate quantiles using t-digests", 2019; scale function k1, compression
/// 100): about 100 centroids, the finer the nearer they are to either end. Values are gathered and folded in at once.
package struct QuantileSketch: Hashable, Sendable {
    struct Centroid: Hashable, Sendable {
        var mean: Double
        var weight: Double
    }

    private static let compression = 100.0
    private static let bufferSize = 1024

    package private(set) var count = 0
    package private(set) var least = Double.infinity
    package private(set) var greatest = -Double.infinity
    package private(set) var mean = 0.0
    /// The sum of squared distances from the mean.
    private var spread = 0.0
    private var centroids: [Centroid] = []
    private var buffer: [Double] = []

    package init() {}

    package mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        count += 1
        let distance = value - mean
        mean += distance / Double(count)
        spread += distance * (value - mean)
        least = min(least, value)
        greatest = max(greatest, value)
        buffer.append(value)
        if buffer.count >= Self.bufferSize { fold() }
    }

    package mutating func merge(_ other: QuantileSketch) {
        guard other.count > 0 else { return }
        var other = other
        other.fold()
        fold()
        let (own, others) = (Double(count), Double(other.count))
        let distance = other.mean - mean
        mean += distance * others / (own + others)
        spread += other.spread + distance * distance * own * others / (own + others)
        count += other.count
        least = min(least, other.least)
        greatest = max(greatest, other.greatest)
        centroids = Self.compressed(centroids + other.centroids)
    }

    /// Of the values as they are, not as a sample of more; 0 for one value.
    package var deviation: Double { count > 0 ? (max(0, spread) / Double(count)).squareRoot() : 0 }

    /// The value below which the part `share` (0 to 1) of all values lies; nil without values.
    package func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        var folded = self
        folded.fold()
        return folded.interpolated(share * Double(count))
    }

    private func interpolated(_ rank: Double) -> Double {
        // A centroid stands for the values around it; the ends are known.
        var below = 0.0
        var former = (rank: 0.0, value: least)
        for centroid in centroids {
            let middle = (rank: below + centroid.weight / 2, value: centroid.mean)
            if rank <= middle.rank { return Self.between(former, middle, rank) }
            below += centroid.weight
            former = middle
        }
        return Self.between(former, (below, greatest), rank)
    }

    private static func between(
        _ low: (rank: Double, value: Double), _ high: (rank: Double, value: Double), _ rank: Double
    ) -> Double {
        guard high.rank > low.rank else { return high.value }
        return low.value + (high.value - low.value) * min(1, (rank - low.rank) / (high.rank - low.rank))
    }

    private mutating func fold() {
        guard !buffer.isEmpty else { return }
        centroids = Self.compressed(centroids + buffer.map { Centroid(mean: $0, weight: 1) })
        buffer.removeAll()
    }

    private static func compressed(_ centroids: [Centroid]) -> [Centroid] {
        let sorted = centroids.sorted { $0.mean < $1.mean }
        let whole = sorted.reduce(0) { $0 + $1.weight }
        guard var current = sorted.first else { return [] }
        var list: [Centroid] = []
        var done = 0.0
        var most = whole * limit(after: 0)
        for next in sorted.dropFirst() {
            if done + current.weight + next.weight <= most {
                current.weight += next.weight
                current.mean += (next.mean - current.mean) * next.weight / current.weight
            } else {
                done += current.weight
                list.append(current)
                most = whole * limit(after: done / whole)
                current = next
            }
        }
        list.append(current)
        return list
    }

    /// How far a centroid may reach that begins at this share: k1(q) = compression / 2 pi * asin(2 q - 1), plus 1.
    private static func limit(after share: Double) -> Double {
        let step = 2 * Double.pi / compression
        let angle = asin(2 * min(1, share) - 1) + step
        return angle >= Double.pi / 2 ? 1 : (sin(angle) + 1) / 2
    }

    // MARK: Stored

    func encode(to writer: inout SketchWriter) {
        var folded = self
        folded.fold()
        writer.put(UInt64(count))
        guard count > 0 else { return }
        for value in [least, greatest, mean, spread] { writer.put(value) }
        writer.put(UInt64(folded.centroids.count))
        for centroid in folded.centroids {
            writer.put(centroid.mean)
            writer.put(UInt64(centroid.weight))
        }
    }

    init?(from reader: inout SketchReader) {
        guard let count = reader.number().flatMap({ Int(exactly: $0) }) else { return nil }
        self.count = count
        guard count > 0 else { return }
        guard let least = reader.double(), let greatest = reader.double(), let mean = reader.double(),
            let spread = reader.double(), let centroids = reader.number(), centroids <= 10_000
        else { return nil }
        (self.least, self.greatest, self.mean, self.spread) = (least, greatest, mean, spread)
        for _ in 0..<centroids {
            guard let mean = reader.double(), let weight = reader.number() else { return nil }
            self.centroids.append(Centroid(mean: mean, weight: Double(weight)))
        }
    }
}
