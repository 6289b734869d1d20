import Foundation
import GraftFormats
import GraftTensors
import Testing

/// What users do with files that describe their network: here one that Graft exported itself.
@Suite struct NetworkFileCommandTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 3)
    #expect(try place.finetune("--epochs", "1", "--out", "run").status == 0)
    let exported = try place.graft("export", "run", "--format", "onnx", "--out", "model.onnx")
    #expect(exported.status == 0, "\(exported.messages)")
  }

  @Test func `an ONNX file is a backbone, and brings its preprocessing`() throws {
    let outcome = try place.graft(
      "finetune", "--backbone", "model.onnx", "--data", "photos", "--epochs", "1", "--out", "again", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(place.exists("again/model.safetensors"))
  }

  @Test func `features of a file's layers keep the order of its framework`() throws {
    let outcome = try place.graft(
      "features", "--backbone", "model.onnx", "--data", "photos", "--layer", "head_dense", "--out", "scores.npy")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let table = try NumPyFile.read(contentsOf: place.folder.appending(path: "scores.npy"))
    #expect(table.shape == [6, 2])
    let maps = try place.graft(
      "features", "--backbone", "model.onnx", "--data", "photos", "--pool", "none", "--out", "maps.npy")
    #expect(maps.status == 0, "\(maps.messages)")
    let shape = try NumPyFile.read(contentsOf: place.folder.appending(path: "maps.npy")).shape
    #expect(shape.rank == 4 && shape[1] > shape[3], "\(shape) has its channels first, as ONNX does")
  }

  @Test func `a run and its export hold the same tensors`() throws {
    let same = try place.graft("diff", "run", "model.onnx")
    #expect(same.status == 0, "\(same.output)")
    #expect(same.output.contains(/^\d+ tensors are identical, 0 differ/))
    let other = try place.graft("diff", "run/model.safetensors", "model.onnx")
    #expect(other.output == same.output && other.status == 0, "\(other.output)\(other.messages)")
  }

  @Test func `a run's own file of numbers is a network file`() throws {
    let text = try place.graft("inspect", "run/model.safetensors").output
    #expect(text.contains(/head_dense +Dense +\[2\] +514 +head_pool\n/))
    #expect(text.contains("outputs        [2] (blue, red)"))
    #expect(text.contains("preprocessing  tf"))
    let exported = try place.graft("export", "run", "--format", "safetensors", "--out", "model.safetensors")
    #expect(exported.status == 0, "\(exported.messages)")
    let files = ["run/model.safetensors", "model.safetensors"].map { place.folder.appending(path: $0) }
    #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]))
  }

  @Test func `a file that does not describe its network is no match for one that does`() throws {
    try place.writeWeights()
    let outcome = try place.graft("diff", "tiny.safetensors", "model.onnx", "--json")
    #expect(outcome.status == 65, "\(outcome.output)")
  }

  @Test func `two runs that differ say where`() throws {
    #expect(try place.finetune("--epochs", "1", "--seed", "2", "--out", "other").status == 0)
    let outcome = try place.graft("diff", "run", "other", "--json")
    #expect(outcome.status == 1)
    let json = try outcome.json()
    #expect(json["is_same"] as? Bool == false)
    let differing = (json["tensors"] as? [[String: Any]] ?? []).filter { $0["is_same"] as? Bool == false }
    #expect(differing.contains { $0["tensor"] as? String == "head_dense/kernel" })
    #expect(differing.allSatisfy { ($0["largest_difference"] as? Double ?? 0) > 0 })
  }

  @Test func `what a file is, who wrote it, and what its outputs are`() throws {
    let text = try place.graft("inspect", "model.onnx").output
    #expect(text.contains("model.onnx: ONNX, "))
    #expect(text.contains("written by     graft"))
    #expect(text.contains("version        opset 17, IR version 8"))
    #expect(text.contains("outputs        [2] (blue, red)"))
    #expect(text.contains("preprocessing  tf"))
  }

  @Test func `a file with its own numbers takes no others`() throws {
    let outcome = try place.graft(
      "finetune", "--backbone", "model.onnx", "--weights", "w.h5", "--data", "photos", "--out", "none")
    #expect(outcome.status == 64)
    #expect(
      outcome.messages.contains("model.onnx brings its own numbers, so --weights has nothing to say; leave it out"))
  }
}
