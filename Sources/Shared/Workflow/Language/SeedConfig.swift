/// The seed data set and which of its rows a job uses.
package struct SeedConfig: Sendable, Hashable {
    package enum Source: Sendable, Hashable {
        case local(path: String)
        case huggingFace(path: String, token: String?, endpoint: String)
        case directory(FileSelection)
        case fileContents(FileSelection, encoding: String)
        case agentRollout(format: String, path: String?, pattern: String?, isRecursive: Bool)

        /// The file's `seed_type`.
        package var typeName: String {
            switch self {
            case .local: "local"
            case .huggingFace: "hf"
            case .directory: "directory"
            case .fileContents: "file_contents"
            case .agentRollout: "agent_rollout"
            }
        }

        /// The columns of the source where its kind decides them; nil where the data do.
        package var columns: [String]? {
            let file = ["source_kind", "source_path", "relative_path", "file_name"]
            return switch self {
            case .local, .huggingFace: nil
            case .directory: file
            case .fileContents: file + ["content"]
            case .agentRollout:
                [
                    "trace_id", "source_kind", "source_path", "root_session_id", "agent_id", "is_sidechain", "cwd",
                    "project_path", "git_branch", "started_at", "ended_at", "messages", "source_meta", "message_count",
                    "tool_call_count", "final_assistant_message",
                ]
            }
        }
    }

    package struct FileSelection: Sendable, Hashable {
        package let path: String
        package let pattern: String
        package let isRecursive: Bool
    }

    /// Rows counted from 0; the range's ends are inclusive.
    package enum Selection: Sendable, Hashable {
        case range(ClosedRange<Int>)
        case partition(index: Int, count: Int)
    }

    package let source: Source
    package let isShuffled: Bool
    package let selection: Selection?
}
