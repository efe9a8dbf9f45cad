/// Names one entry `sent` of the dispatch log, and every task published for it.
///
/// A takeover raises the generation above every one ever given, so numbers never repeat, not even after a restore of
/// the database (docs/protocol.md, "The dispatch log").
package struct DispatchNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let generation: Int64
    package let sequence: Int64

    package init(generation: Int64, sequence: Int64) {
        self.generation = generation
        self.sequence = sequence
    }

    package var description: String { "\(generation).\(sequence)" }

    package static func < (left: DispatchNumber, right: DispatchNumber) -> Bool {
        (left.generation, left.sequence) < (right.generation, right.sequence)
    }
}
