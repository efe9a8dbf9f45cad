import Scheduling
import Statistics

extension JobBlueprint {
    /// What is known of each column's values in these records, side effects too.
    func sketches(of records: [Int64], in table: RecordTable) -> [(column: Int, sketch: [UInt8])] {
        guard !records.isEmpty else { return [] }
        return (0..<valueCount).map { column in
            var sketch = ColumnSketch()
            for record in records { sketch.add(table[record, column]) }
            return (column, sketch.encoded)
        }
    }
}
