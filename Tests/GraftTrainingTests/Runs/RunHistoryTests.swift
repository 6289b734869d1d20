import GraftFormats
import Testing

@testable import GraftTraining

@Suite struct RunHistoryTests {
  @Test func `columns that nobody knows are there, and cells that hold no number are none`() {
    let history = RunHistory(
      CommaSeparatedTable(
        columns: ["epoch", "stage", "val_new", "val_new"],
        rows: [["1", "head", "0.5", "9"], ["2", "all", "", "9"], ["4", "all", "nan", "9"]]))
    #expect(history.columns == ["epoch", "stage", "val_new", "val_new"].dropLast())
    #expect(history.epochs == [1, 2, 4])
    #expect(history.texts("stage") == ["head", "all", "all"])
    #expect(history.numbers("stage") == [nil, nil, nil])
    #expect(history.numbers("val_new")?[0] == 0.5 && history.numbers("val_new")?[1] == nil)
    #expect(history.numbers("val_new")?[2]?.isNaN == true)
    #expect(history.numbers("loss") == nil)
  }

  @Test func `epochs are counted where the table does not say`() {
    let history = RunHistory(CommaSeparatedTable(columns: ["loss"], rows: [["1"], ["0.5"]]))
    #expect(history.epochs == [1, 2] && history.count == 2)
  }
}
