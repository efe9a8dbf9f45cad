import Checks
import EventLoop
import Generation
import Inference
import Logging
import Messages
import Processes

/// Calls in child processes: cells that may have ended a worker before.
extension WorkerService {
    func startInChild(_ call: CellCall) {
        childCalls[call.cell] = call
        children.put(
            call.cell, alone: call.place == .aloneInChild, bytes: call.bytes, callTime: callTime(of: call.column))
        tendChildren()
    }

    private func callTime(of column: CompiledColumn) -> Duration {
        if case .lint = column.batched { configuration.toolTimeout } else { column.timeout }
    }

    /// True when the cell's call is a child's, or waits for one.
    func cancelInChild(_ cell: CellID) -> Bool {
        guard childCalls[cell] != nil else { return false }
        if children.withdraw(cell) {
            endInChild(cell, .cancelled)
        } else if let home = children.home(of: cell) {
            processes[home]?.cancel(cell)
        }
        return true
    }

    /// Does what the pool asks for, now and whenever time alone may ask for something.
    private func tendChildren() {
        for action in children.round(.now) {
            switch action {
            case .start(let child): startChild(child)
            case .send(let cell, let child):
                if let call = childCalls[cell] { send(call, to: child) }
            case .end(let child): processes[child]?.kill()
            }
        }
        guard childTimer == nil, children.count > 0 || !childCalls.isEmpty else { return }
        childTimer = loop.schedule(after: .milliseconds(500)) {
            self.childTimer = nil
            self.tendChildren()
        }
    }

    private func send(_ call: CellCall, to child: ChildID) {
        let tool = call.column.batched.flatMap(tool(of:)).map { program in
            filled(WireChildTool()) {
                $0.path = program.path
                $0.version = program.version
                $0.timeoutMilliseconds = UInt64(clamping: configuration.toolTimeout.wholeMilliseconds)
            }
        }
        processes[child]?.call(call, provider: provider(of: call.route)?.name ?? call.route.provider, tool: tool)
    }

    private func startChild(_ child: ChildID) {
        do throws(ProcessError) {
            let environment = configuration.childEnvironment
            processes[child] = try ChildProcess(configuration.childCommand, environment: environment, on: loop) {
                answer in
                self.childAnswered(child, answer)
            } ended: { how in
                self.childEnded(child, how)
            }
        } catch {
            childEnded(child, error.description)
        }
    }

    private func childAnswered(_ child: ChildID, _ answer: WireChildAnswer) {
        if answer.number == 0 {
            children.ready(child, at: .now)
        } else {
            let cell = CellID(serial: answer.number)
            guard children.home(of: cell) == child else { return }
            children.answered(cell, at: .now)
            endInChild(cell, answer.result ?? .noChild("a child process of another version"))
        }
        tendChildren()
    }

    private func childEnded(_ child: ChildID, _ how: String) {
        processes[child] = nil
        let loss = children.ended(child, at: .now)
        if !loss.dead.isEmpty || !loss.unplaced.isEmpty {
            logger.warning(
                "child_ended",
                metadata: [
                    "how": "\(how)", "cells": "\(loss.dead.count)", "could_not_start": "\(!loss.unplaced.isEmpty)",
                ])
        }
        for cell in loss.dead { endInChild(cell, .childDied(how)) }
        for cell in loss.unplaced { endInChild(cell, .noChild(how)) }
        // Not from inside of what the pool just asked for.
        loop.schedule(after: .zero) { self.tendChildren() }
    }

    private func endInChild(_ cell: CellID, _ result: CallResult) {
        guard childCalls.removeValue(forKey: cell) != nil else { return }
        ended(cell, result)
    }

    /// They end with the worker.
    func endChildren() {
        if let childTimer { loop.cancel(childTimer) }
        childTimer = nil
        for process in processes.values { process.discard() }
        processes = [:]
    }
}

extension CellCall {
    /// About what a child is sent for it.
    fileprivate var bytes: Int {
        let inputs = task.inputs.reduce(0) { $0 + $1.bytes }
        let said = task.hasConversation ? task.conversation.bytes : 0
        return files.values.reduce(inputs + said) { $0 + $1.count }
    }
}
