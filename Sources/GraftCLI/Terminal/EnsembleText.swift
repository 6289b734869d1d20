import Graft

extension ModelEnsemble {
  /// Says what is used where that is not one run as it is.
  func describe() {
    if members.count > 1 {
      let (first, last) = (members[0].name, members[members.count - 1].name)
      Terminal.standard.write("the mean of \(members.count) runs, \(first) to \(last)")
    }
    for line in Set(members.compactMap(\.precision.lineOfRun)).sorted() { Terminal.standard.write(line) }
  }
}
