/// A numbered step of the schema, run once, in order, by `coordinator migrate`.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let sql: String

    package static let all: [Migration] = [
        Migration(number: 1, name: "jobs, partitions and the dispatch log", sql: Schema.first),
        Migration(number: 2, name: "how limits stand and moved", sql: Schema.limits),
        Migration(number: 3, name: "seed data", sql: Schema.seeds),
        Migration(number: 4, name: "wishes, bounds and settings of jobs", sql: Schema.wishes),
        Migration(number: 5, name: "workers, and statistics of columns", sql: Schema.workers),
        Migration(number: 6, name: "processes that died with a cell, interrupted conversations", sql: Schema.poison),
        Migration(number: 7, name: "files of jobs", sql: Schema.files),
        Migration(number: 8, name: "row groups that are opened again", sql: Schema.retries),
        Migration(number: 9, name: "when files were stored", sql: Schema.forgotten),
        Migration(number: 10, name: "bounds and indexes", sql: Schema.bounds),
    ]
}
