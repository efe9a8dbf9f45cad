import ArgumentParser
import Store

/// What `-n` may be.
enum RecordCount {
    static func check(_ records: Int64) throws(ValidationError) {
        guard records > 0 else { throw ValidationError("-n must be at least 1.") }
        guard records <= NewJob.mostRecords else {
            throw ValidationError("-n must be at most \(NewJob.mostRecords): divide it into several jobs.")
        }
    }
}
