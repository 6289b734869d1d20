import Foundation
import Testing

@Suite struct WeightsCommandTests {
  private let place: Workplace
  private static let resNet = "resnet50_weights_tf_dim_ordering_tf_kernels.h5"

  init() throws { place = try Workplace(count: 1) }

  @Test func `the list has a line for each file, and says which are fetched`() throws {
    try place.write("cache/weights/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5", Data())
    let outcome = try place.graft("weights", "list", "--cache", "cache")
    #expect(outcome.status == 0 && outcome.messages.isEmpty)
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.count == 31)
    #expect(lines[0] == "name parameters size top-1 top-5 cache")
    #expect(lines.contains("vgg16 14,714,688 58.9 MB 71.27 90.05 fetched"))
    #expect(lines.contains("vgg16 --top 138,357,544 553.5 MB 71.27 90.05"))
  }

  @Test func `the list as JSON`() throws {
    let json = try place.graft("weights", "list", "--json", "--cache", "cache").json()
    let weights = try #require(json["weights"] as? [[String: Any]])
    let entry = try #require(weights.first { $0["name"] as? String == "xception" && $0["top"] as? Bool == true })
    #expect(entry["md5"] as? String == "0a58e3b7378bc2990ea3b43d5981f1f6")
    #expect(entry["bytes"] as? Int == 91_884_032 && entry["parameters"] as? Int == 22_910_480)
    #expect(entry["top1"] as? Double == 79.006 && entry["top5"] as? Double == 94.452)
    #expect(entry["preprocessing"] as? String == "tf" && entry["input_size"] as? Int == 299)
    #expect(
      entry["url"] as? String == "https://storage.googleapis.com/tensorflow/keras-applications/xception/"
        + "xception_weights_tf_dim_ordering_tf_kernels.h5")
    #expect(entry["cached"] == nil)
  }

  @Test(.enabled(if: SharedFiles.squeezeNet != nil, "the shared SqueezeNet weights are absent"))
  func `a known file is named`() throws {
    let file = try #require(SharedFiles.squeezeNet?.path)
    let outcome = try place.graft("weights", "verify", file)
    #expect(outcome.status == 0)
    #expect(
      outcome.output == "\(file): 3,002,560 bytes, MD5 80b66c92d79d4310e07fb60a297bf0d1\n"
        + "known as SqueezeNet 1.1, ImageNet (Keras 1 port, TensorFlow order, without top)\n")
    let json = try place.graft("weights", "verify", file, "--json").json()
    #expect(json["name"] as? String == "squeezenet" && json["top"] as? Bool == false)
  }

  @Test func `an unknown file is none`() throws {
    try place.write("w.h5", "weights")
    let outcome = try place.graft("weights", "verify", "w.h5")
    #expect(outcome.status == 65 && outcome.messages.isEmpty)
    #expect(
      outcome.output == "w.h5: 7 bytes, MD5 63f4f1e9b725370f459720575cd5f953\nno published file that Graft knows\n")
    let json = try place.graft("weights", "verify", "w.h5", "--json")
    #expect(json.status == 65)
    #expect(try json.json()["name"] == nil && json.json()["bytes"] as? Int == 7)
  }

  @Test func `a file that only bears a known name is told so`() throws {
    try place.write(Self.resNet, "weights")
    let outcome = try place.graft("weights", "verify", Self.resNet)
    #expect(outcome.status == 65)
    #expect(
      outcome.output.hasSuffix(
        "\nno published file that Graft knows; it bears the name of ResNet-50, ImageNet (Keras, with top) and of "
          + "ResNet-50, ImageNet (Keras 1 and 2, release 0.2, with top), but is not it: it is cut off, or another file\n"
      ))
  }

  @Test func `a file of which no hash is published is told so`() throws {
    try place.write("mobilenet_1_0_224_tf.h5", "weights")
    let outcome = try place.graft("weights", "verify", "mobilenet_1_0_224_tf.h5")
    #expect(outcome.status == 65)
    #expect(
      outcome.output.hasSuffix(
        "; it bears the name of MobileNet V1, ImageNet (Keras, with top), but not its size, 17,225,924 bytes; no hash is "
          + "published for that\n"))
  }

  @Test func `a missing file`() throws {
    let outcome = try place.graft("weights", "verify", "w.h5", "--json")
    #expect(outcome.status == 66)
    #expect(try outcome.json()["error"] as? String == "There is no file at \(place.path("w.h5")). Check the path.")
  }

  @Test(arguments: ["list", "fetch", "verify"])
  func `the help of every command shows examples of it`(command: String) throws {
    let help = try place.graft("weights", command, "--help")
    #expect(help.status == 0 && help.messages.isEmpty)
    #expect(help.output.contains("Examples:\n  graft weights \(command)"))
  }

  @Test func `the general help documents the exit code of a server that cannot be reached`() throws {
    let help = try place.graft("--help").output.replacing("\n", with: " ")
    #expect(help.contains("69 a server cannot be reached or does not give the file"))
  }

  @Test(arguments: ["finetune", "features"])
  func `weights that are nowhere are answered with how to get them`(command: String) throws {
    let outcome = try place.graft(command, "--data", "photos", "--backbone", "resnet50", "--out", "o.npy")
    #expect(outcome.status == 64)
    #expect(
      outcome.messages.contains(
        "--weights is missing: name the file that holds the network's numbers, or fetch the published one: graft weights "
          + "fetch resnet50\n"))
  }

  @Test func `weights left out are taken from the cache`() throws {
    let stored = "cache/weights/resnet50/\(Self.resNet)"
    try place.write(stored, "")
    let outcome = try GraftProgram.run(
      "features", "--data", "photos", "--backbone", "resnet50", "--out", "f.npy", in: place.folder,
      environment: ["GRAFT_CACHE": place.path("cache")])
    #expect(outcome.status == 65)
    #expect(
      outcome.lastMessage == "error: \(place.path(stored)) is empty: it holds 0 bytes. Download it again.")
  }
}
