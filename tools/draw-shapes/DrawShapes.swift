import ArgumentParser
import Foundation
import GraftImages
import GraftTensors

/// Draws labelled pictures, so that Graft can be pretrained, tried and shown without anybody's photographs.
@main
struct DrawShapes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw-shapes",
    abstract: "Draw pictures of shapes, strokes, textures and fractals, in a folder for each class.",
    discussion: """
      The same options give the same pixels. No class of one set is in the other.

      Examples:
        draw-shapes --out pictures --set demo --images-per-class 40
        draw-shapes --out pictures --set pretrain --images-per-class 300 --seed 1
      """)

  @Option(help: ArgumentHelp("The folder to fill; pictures of the same name in it are replaced.", valueName: "dir"))
  var out: String

  @Option(help: "Which classes: \(PictureSet.allCases.map(\.rawValue).joined(separator: " or ")).")
  var set: PictureSet

  @Option(help: "How many pictures of each class.")
  var imagesPerClass = 40

  @Option(help: "Makes everything random repeatable.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Side of the square pictures.", valueName: "pixels"))
  var size = 96

  func validate() throws {
    guard (1...100_000).contains(imagesPerClass) else {
      throw ValidationError("--images-per-class is \(imagesPerClass); expected 1 to 100000")
    }
    guard (8...4096).contains(size) else { throw ValidationError("--size is \(size); expected 8 to 4096") }
  }

  func run() async throws {
    let classes = set.classes
    try await withThrowingTaskGroup(of: Void.self) { group in
      for drawn in classes { group.addTask { try draw(drawn) } }
      try await group.waitForAll()
    }
    print("\(classes.count * imagesPerClass) pictures of \(classes.count) classes in \(out)")
  }

  private func draw(_ drawn: DrawnClass) throws {
    let folder = URL(filePath: out).appending(path: drawn.name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for number in 1...imagesPerClass {
      // Each picture draws from a stream of its own: more pictures or classes leave the others as they were.
      var generator = SeededGenerator(seed: seed, stream: drawn.stream &+ UInt64(number))
      let image = set.image(of: drawn.figure(&generator), size: size, &generator)
      let file = folder.appending(path: "\(drawn.name)-\(number).png")
      do {
        try image.writePNG(to: file)
      } catch {
        throw CleanExit.message("\(file.relativePath): \(error)")
      }
    }
  }
}

extension DrawnClass {
  /// Far from every other class's: the name as a number to the base 257.
  fileprivate var stream: UInt64 {
    name.utf8.reduce(0) { $0 &* 257 &+ UInt64($1) } &* 1_000_003
  }
}
