package import Scheduling

/// A record that will not be complete.
package struct DroppedRecord: Sendable {
    package let storage: Int32
    package let cell: Cell
    package let kind: String

    package init(storage: Int32, cell: Cell, kind: String) {
        self.storage = storage
        self.cell = cell
        self.kind = kind
    }
}
