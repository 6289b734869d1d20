// import-checker ROOT MAP < the output of `swift package dump-package`
// Prints the module map. Exits with 1 where an arrow is broken, 64 for wrong use, 65 for input it cannot read.
import Foundation
import ImportChecker

func complain(_ message: String) {
  FileHandle.standardError.write(Data(("check-imports: " + message + "\n").utf8))
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  complain("usage: import-checker ROOT MAP < dump-package.json")
  exit(64)
}

do {
  let check = try ImportCheck(
    manifest: Manifest(json: FileHandle.standardInput.readToEnd() ?? Data()),
    map: ImportMap(text: String(contentsOfFile: arguments[2], encoding: .utf8)),
    root: URL(filePath: arguments[1]))
  let width = check.arrows.map(\.module.count).max() ?? 0
  for (module, imports) in check.arrows {
    let name = module.padding(toLength: width, withPad: " ", startingAt: 0)
    print(name, "→", imports.isEmpty ? "–" : imports.joined(separator: ", "))
  }
  fflush(nil)  // In a log file, too, the map comes before the complaints.
  for violation in check.violations { complain(violation) }
  exit(check.violations.isEmpty ? 0 : 1)
} catch {
  complain("\(error)")
  exit(65)
}
