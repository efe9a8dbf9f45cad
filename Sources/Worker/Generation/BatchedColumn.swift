package import Checks

/// A column whose cells are made several at a time, without a conversation.
package enum BatchedColumn: Sendable {
    /// A tool of the worker looks at code.
    case lint(LintColumn)
    /// Rows are POSTed to an endpoint.
    case rows(RowsColumn)
}
