/// What this build is.
package enum BuildInfo {
    /// Of the whole package: coordinators and workers of one version speak the same contract.
    package static let version = "0.1.0"
}
