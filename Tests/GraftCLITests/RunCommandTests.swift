import Foundation
import GraftFormats
import GraftTensors
import Testing

@Suite struct RunCommandTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 1)
    try place.writeWeights()
  }

  private func run(_ options: String...) throws -> GraftProgram.Outcome {
    try GraftProgram.run(
      [
        "run", "--backbone", "squeezenet-tiny", "--weights", "tiny.safetensors", "--input", "x.npy", "--output",
        "y.npy",
      ]
        + options, in: place.folder)
  }

  private func writeInput(_ shape: Shape, _ numbers: [Float]? = nil) throws {
    try NumPyFile.write(
      Tensor(numbers ?? (0..<shape.count).map { Float($0 % 7) / 7 }, shape: shape),
      to: place.folder.appending(path: "x.npy"))
  }

  private func output() throws -> Tensor { try NumPyFile.read(contentsOf: place.folder.appending(path: "y.npy")) }

  @Test func `tensors go in and come out height, width, channel`() throws {
    // More images than the engine takes at a time.
    try writeInput([18, 48, 64, 3])
    let outcome = try run("--layer", "conv1", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try outcome.json()["shape"] as? [Int] == [18, 23, 31, 32])
    let whole = try output()
    #expect(whole.shape == [18, 23, 31, 32])
    try NumPyFile.write(
      NumPyFile.read(contentsOf: place.folder.appending(path: "x.npy"))[rows: 17..<18],
      to: place.folder.appending(path: "x.npy"))
    #expect(try run("--layer", "conv1").status == 0)
    let last = whole[rows: 17..<18].floats
    #expect(try zip(output().floats, last).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(last.contains { abs($0) > 1e-3 })
  }

  @Test(.enabled(if: SharedFiles.resNet20 != nil, "the checkpoint of ResNet-20 is not in ../shared"))
  func `a network known by name takes the order of its weights' framework`() throws {
    try writeInput([2, 3, 40, 32])
    let outcome = try GraftProgram.run(
      [
        "run", "--backbone", "resnet20-cifar", "--weights", #require(SharedFiles.resNet20).path, "--input", "x.npy",
        "--output", "y.npy",
      ], in: place.folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try output().shape == [2, 10])
  }

  @Test func `without a layer the last feature map comes out`() throws {
    try writeInput([1, 48, 48, 3])
    #expect(try run().status == 0)
    #expect(try output().shape == [1, 2, 2, 256])
  }

  @Test func `no image gives no row`() throws {
    try writeInput([0, 48, 48, 3])
    #expect(try run().status == 0)
    #expect(try output().shape == [0, 2, 2, 256])
  }

  @Test func `what cannot be run`() throws {
    func refusal(_ options: String...) throws -> (Int32, String) {
      let outcome = try GraftProgram.run(
        [
          "run", "--backbone", "squeezenet-tiny", "--weights", "tiny.safetensors", "--input", "x.npy", "--output",
          "y.npy",
        ]
          + options, in: place.folder)
      #expect(!place.exists("y.npy"))
      return (outcome.status, outcome.lastMessage)
    }
    #expect(try refusal() == (66, "error: There is no file at \(place.path("x.npy")). Check the path."))
    try place.write("x.npy", "1 2 3")
    #expect(
      try refusal() == (
        65,
        "error: \(place.path("x.npy")) is plain text, not a NumPy array (.npy). Check that it is the file you meant."
      ))
    try writeInput([48, 48, 3])
    #expect(
      try refusal() == (
        65,
        "error: x.npy holds an array of the shape [48, 48, 3], which Graft does not read. Write a batch of images, [N, H, W, C] or [N, C, H, W]."
      ))
    try writeInput([1, 3, 48, 48])
    for shape: Shape in [[1, 3, 48, 48], [1, 48, 48, 1]] {
      try writeInput(shape)
      #expect(
        try refusal() == (
          65,
          "error: x.npy holds an array of the shape \(shape), which Graft does not read. These weights take [N, H, W, 3]."
        ))
    }
    try writeInput([1, 48, 48, 3])
    #expect(
      try refusal("--logits") == (
        64, "error: the output “fire7/relu” is no softmax, so there are no logits before it"
      ))
    #expect(try refusal("--layer", "conv2").0 == 64)
    try place.write("file", "x")
    #expect(
      try refusal("--output", "file/y.npy") == (
        74, "error: \(place.path("file/y.npy")) cannot be written: Not a directory."
      ))
  }
}
