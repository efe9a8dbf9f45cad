import ArgumentParser
import Export
import Store

/// The folder that an export is written to, as `--to` names it.
enum OutputFolder {
    /// An empty text is an unset variable: it would be the root of the file system.
    static func checkName(_ path: String?) throws {
        guard path?.isEmpty != true else { throw ValidationError("--to is empty; name a folder.") }
    }

    /// - Parameter job: whose export it may hold; nil: any job's.
    /// - Throws: exit 73, with what is in the way.
    static func check(_ path: String, for job: JobID?, force: Bool) throws(CommandFailure) {
        do throws(ExportError) {
            try JobExport.check(path, job: job?.rawValue, replacing: force)
        } catch {
            throw CommandFailure(.cannotWrite, error.description)
        }
    }
}
