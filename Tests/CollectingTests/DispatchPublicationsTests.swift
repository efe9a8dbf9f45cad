import Messages
import Scheduling
import Testing

@testable import Collecting

struct DispatchPublicationsTests {
    private func sent(_ sequence: Int64, job: Int64 = 1, cells: Int = 3) -> Sent {
        Sent(
            number: .init(generation: 1, sequence: sequence), job: .init(rawValue: job), group: 0, column: 1,
            route: "r", records: Array(0..<Int64(cells)), attempts: Array(repeating: 1, count: cells))
    }

    private func confirmed(_ publications: inout DispatchPublications) -> [Sent] { publications.takeConfirmed() }

    @Test func `an entry is confirmed when all of its messages are`() {
        var publications = DispatchPublications()
        publications.publishing(sent(1), messages: 2, connection: 1)
        publications.gotConfirms(sent(1).number, messages: 1, connection: 1)
        #expect(confirmed(&publications).isEmpty)
        publications.gotConfirms(sent(1).number, messages: 1, connection: 1)
        #expect(confirmed(&publications).map(\.number) == [sent(1).number])
    }

    @Test func `what is published counts against the window until its confirm is recorded`() {
        var publications = DispatchPublications()
        publications.publishing(sent(1, cells: 3), messages: 1, connection: 1)
        publications.publishing(sent(2, cells: 4), messages: 1, connection: 1)
        #expect(publications.cellsUnrecorded == 7)
        publications.gotConfirms(sent(1).number, messages: 1, connection: 1)
        let confirmed = publications.takeConfirmed()
        #expect(publications.cellsUnrecorded == 7)
        publications.recorded(confirmed)
        #expect(publications.cellsUnrecorded == 4)
    }

    @Test func `an entry without messages does not hold the window for ever`() {
        var publications = DispatchPublications()
        publications.publishing(sent(1), messages: 0, connection: 1)
        publications.recorded(publications.takeConfirmed())
        #expect(publications.cellsUnrecorded == 0)
    }

    @Test func `a job that ended gives its part of the window back`() {
        var publications = DispatchPublications()
        publications.publishing(sent(1, job: 1), messages: 1, connection: 1)
        publications.publishing(sent(2, job: 2), messages: 1, connection: 1)
        publications.gotConfirms(sent(1, job: 1).number, messages: 1, connection: 1)
        publications.forget(JobNumber(rawValue: 1))
        #expect(publications.cellsUnrecorded == 3)
        #expect(confirmed(&publications).isEmpty)
    }

    @Test func `confirms of another connection, or of an entry that has them all, are ignored`() {
        var publications = DispatchPublications()
        publications.publishing(sent(1), messages: 1, connection: 2)
        publications.gotConfirms(sent(1).number, messages: 1, connection: 1)
        #expect(confirmed(&publications).isEmpty)
        publications.gotConfirms(sent(1).number, messages: 1, connection: 2)
        publications.gotConfirms(sent(1).number, messages: 1, connection: 2)
        #expect(confirmed(&publications).count == 1)
    }

    @Test func `a takeover from oneself publishes again only what no living connection has`() {
        var publications = DispatchPublications()
        publications.publishing(sent(1), messages: 1, connection: 1)
        publications.publishing(sent(2), messages: 1, connection: 1)
        publications.publishing(sent(3), messages: 1, connection: 2)
        publications.gotConfirms(sent(1).number, messages: 1, connection: 1)
        let again = publications.reconcile(unconfirmed: [sent(1), sent(2), sent(3), sent(4)], connection: 2)
        // 1 is known to be confirmed, 3 waits on a connection that is whole; 2 went down with its connection, 4 was
        // never published here.
        #expect(again.map(\.number.sequence) == [2, 4])
        #expect(confirmed(&publications).map(\.number.sequence) == [1])
        #expect(publications.cellsUnrecorded == 6)
    }
}
