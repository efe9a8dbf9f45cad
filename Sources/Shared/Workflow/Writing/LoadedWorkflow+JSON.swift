package import JSON

extension LoadedWorkflow {
    /// What `coordinator validate -o json` prints: whether the file is valid, everything that is wrong with it, and of
    /// a valid one the fingerprint and the columns in the order in which they are made.
    package func json(file: String) -> JSONObject {
        var object: JSONObject = [
            "schema": "validation/v1",
            "file": .string(file),
            "valid": .bool(workflow != nil),
            "problems": .array(problems.map { .object($0.json) }),
            "warnings": .array(warnings.map { .object($0.json) }),
        ]
        guard let workflow else { return object }
        object["library_version"] = .string(workflow.libraryVersion)
        object["fingerprint"] = .string(workflow.fingerprint)
        object["columns"] = .array(
            workflow.graph.order.map { place in
                let column = workflow.columns[place]
                return [
                    "name": .string(column.name), "column_type": .string(column.typeName),
                    "model_alias": .optional(column.modelAlias),
                    "needs": .texts(workflow.graph.prerequisites(of: place).map { workflow.columns[$0].name }),
                    "side_effects": .texts(column.sideEffects), "drop": .bool(column.isDropped),
                ]
            })
        return object
    }
}

extension Problem {
    /// The problem with its place in numbers; `suggestion` is null where there is none.
    package var json: JSONObject {
        [
            "file": .string(file), "line": .integer(mark.line), "column": .integer(mark.column), "path": .string(path),
            "message": .string(message), "suggestion": .optional(suggestion),
        ]
    }
}
