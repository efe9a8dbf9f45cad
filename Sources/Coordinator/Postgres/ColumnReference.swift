/// Names a column of a result: its position from 0 (an `Int`) or its name (a `String`, exactly as the server gives it).
///
/// A name is looked for at each use; in a loop over many rows the position is cheaper.
package protocol ColumnReference {
    func position(by lookUp: (String) -> Int?) -> Int?
}

extension Int: ColumnReference {
    package func position(by lookUp: (String) -> Int?) -> Int? { self }
}

extension String: ColumnReference {
    package func position(by lookUp: (String) -> Int?) -> Int? { lookUp(self) }
}
