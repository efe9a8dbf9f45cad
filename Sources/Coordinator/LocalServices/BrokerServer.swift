import Glibc

/// How a private RabbitMQ is laid out and started. Measured on RabbitMQ 3.10: four seconds until it listens.
struct BrokerServer: Sendable {
    let layout: StateLayout
    let programs: ServerPrograms
    let settings: BrokerSettings

    var url: String { "amqp://\(BrokerSettings.user):\(settings.password)@127.0.0.1:\(settings.port)/%2F" }
    var logFile: String { "\(layout.logs)/rabbitmq.log" }
    private var home: String { layout.broker }

    /// The settings that an earlier start left, on other ports if one of them was taken meanwhile; else new ones.
    static func settings(in layout: StateLayout) throws(LocalServicesError) -> BrokerSettings {
        let path = "\(layout.services)/broker-settings"
        let known = FileSystem.text(path).flatMap(BrokerSettings.init)
        var settings = known ?? .fresh()
        if !settings.ports.allSatisfy(LoopbackPort.isFree) { settings.moveElsewhere() }
        if settings != known { try FileSystem.write(settings.text, to: path) }
        return settings
    }

    func writeConfiguration() throws(LocalServicesError) {
        for folder in ["home", "etc", "mnesia", "log"] {
            try FileSystem.makeDirectory("\(home)/\(folder)", owner: layout.brokerUser)
        }
        try FileSystem.write(configuration, to: "\(home)/etc/rabbitmq.conf", owner: layout.brokerUser)
        try FileSystem.write("[].\n", to: "\(home)/etc/enabled_plugins", owner: layout.brokerUser)
    }

    /// A delivery may stay unacknowledged for an hour: well above twice the ten minutes that a worker holds one.
    /// Its memory mark is one GiB, or less on a small machine; publishers are held back above it. After a crash it reads
    /// the write-ahead log of its quorum queues, of up to 512 MiB where nothing else is said, before it listens.
    var configuration: String {
        """
        # Written at each start; changes here are lost.
        listeners.tcp.1 = 127.0.0.1:\(settings.port)
        default_user = \(BrokerSettings.user)
        default_pass = \(settings.password)
        consumer_timeout = 3600000
        disk_free_limit.absolute = 200MB
        raft.wal_max_size_bytes = \(32 << 20)
        vm_memory_high_watermark.absolute = \(Self.memoryLimitBytes)
        log.file = false
        log.console = true
        log.console.level = warning

        """
    }

    private static var memoryLimitBytes: Int {
        let physical = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        return min(1 << 30, physical * 2 / 5)
    }

    var launch: ProcessLaunch {
        let loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        return ProcessLaunch(
            command: [programs.broker],
            environment: [
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "LANG=C.UTF-8",
                // Holds Erlang's cookie.
                "HOME=\(home)/home",
                // The node's name is part of its data's path, so it stays; the port mapper is its own.
                "RABBITMQ_NODENAME=tessera@localhost",
                "RABBITMQ_NODE_PORT=\(settings.port)",
                "RABBITMQ_DIST_PORT=\(settings.distributionPort)",
                "ERL_EPMD_PORT=\(settings.portMapperPort)",
                "ERL_EPMD_ADDRESS=127.0.0.1",
                "RABBITMQ_CONF_ENV_FILE=\(home)/etc/none",
                "RABBITMQ_CONFIG_FILE=\(home)/etc/rabbitmq",
                "RABBITMQ_ADVANCED_CONFIG_FILE=\(home)/etc/advanced.config",
                "RABBITMQ_ENABLED_PLUGINS_FILE=\(home)/etc/enabled_plugins",
                "RABBITMQ_MNESIA_BASE=\(home)/mnesia",
                "RABBITMQ_LOG_BASE=\(home)/log",
                "RABBITMQ_PID_FILE=\(home)/rabbitmq.pid",
                "RABBITMQ_GENERATED_CONFIG_DIR=\(home)/etc/generated",
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=\(loopback)",
                // Makes the start script become the broker instead of waiting for it: its process id is the broker's.
                "RUNNING_UNDER_SYSTEMD=true",
            ],
            directory: home, logFile: logFile, user: layout.brokerUser)
    }

    /// In the foreground and by us: RabbitMQ would start one that nobody owns. By a link in our folder, so that it can
    /// be told by its command line (see ``Orphans``).
    func portMapperLaunch() throws(LocalServicesError) -> ProcessLaunch {
        let link = "\(home)/epmd"
        unlink(link)
        guard symlink(programs.epmd, link) == 0 else {
            throw LocalServicesError(.unusableState, "cannot make \(link): \(String(cString: strerror(errno)))")
        }
        return ProcessLaunch(
            command: [link, "-address", "127.0.0.1", "-port", "\(settings.portMapperPort)"],
            environment: ["PATH=/usr/bin:/bin"], directory: home, logFile: logFile, user: layout.brokerUser)
    }
}
