/// A program that checks code for validation columns. Its route is of provider `tools`, its name is the model.
package enum CodeTool: String, Hashable, Sendable, CaseIterable {
    case ruff
    case sqlfluff

    /// The provider of the tools' routes. No provider of models may have this name.
    package static let provider = "tools"

    /// The tool for a language as workflows write it (`python`, `sql:postgres`); nil where none checks it.
    package init?(language: String) {
        switch language {
        case "python": self = .ruff
        case _ where language.hasPrefix("sql:"): self = .sqlfluff
        default: return nil
        }
    }

    package var route: Route { Route(provider: Self.provider, model: rawValue) }

    /// What to type where it is missing: the version that Tessera is tested with.
    package var installation: String {
        switch self {
        case .ruff: "pip install ruff==0.17.6"
        case .sqlfluff: "pip install sqlfluff==4.5.0"
        }
    }
}

extension Route {
    /// The provider of the routes of remote validators, whose model is the endpoint's URL as the workflow has it.
    /// Workers serve those that their own providers file knows. No provider of models may have this name.
    package static let remoteProvider = "remote"
    /// The model of an endpoint that is no model's: one of provider_type http.
    package static let httpModel = "http"
}
