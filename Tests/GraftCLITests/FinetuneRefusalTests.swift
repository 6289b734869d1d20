import Foundation
import Testing

@Suite struct FinetuneRefusalTests {
  private let place: Workplace

  init() throws { place = try Workplace(count: 2) }

  /// Expects that nothing is left behind, that stderr ends with the sentence, and that `--json` repeats it.
  private func expect(
    _ status: Int, _ message: String, _ options: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = place.names
    let common = options.contains("--data") ? [] : ["--data", "photos"]
    let outcome = try GraftProgram.run(["finetune"] + common + options, in: place.folder)
    #expect(Int(outcome.status) == status, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(outcome.lastMessage == "error: " + message, sourceLocation: sourceLocation)
    let json = try GraftProgram.run(["finetune", "--json"] + common + options, in: place.folder)
    #expect(Int(json.status) == status, sourceLocation: sourceLocation)
    let object = try json.json()
    #expect(object["error"] as? String == message, sourceLocation: sourceLocation)
    #expect(object["exit_code"] as? Int == status, sourceLocation: sourceLocation)
    #expect(object.count == 2, sourceLocation: sourceLocation)
    #expect(place.names == before, sourceLocation: sourceLocation)
  }

  private let tiny = ["--backbone", "squeezenet-tiny", "--weights", "random", "--image-size", "48"]

  @Test func `an unknown network`() throws {
    try expect(
      64, "there is no network “squezenet”; did you mean “squeezenet”?",
      ["--backbone", "squezenet", "--weights", "random"])
  }

  @Test func `images too small for the network`() throws {
    try expect(
      64, "SqueezeNet, tiny needs images of at least 48×48 pixels, not 40×40",
      ["--backbone", "squeezenet-tiny", "--weights", "random", "--image-size", "40"])
  }

  @Test func `an unknown layer to unfreeze from`() throws {
    try expect(
      64,
      "there is no layer “fire7/squeeze1x”; did you mean “fire7/squeeze1x1” or “fire2/squeeze1x1” or “fire3/squeeze1x1”? "
        + "`graft inspect` lists them all", tiny + ["--unfreeze", "from:fire7/squeeze1x"])
  }

  @Test func `a pattern that matches no layer, and more layers than there are`() throws {
    try expect(
      64,
      "no layer with weights matches “block*”; they are named like fire7/expand1x1, fire7/expand3x3, fire7/bn",
      tiny + ["--unfreeze", "match:block*"])
    try expect(
      64, "last:40 asks for more layers than the backbone has with weights (32); write all instead",
      tiny + ["--unfreeze", "last:40"])
  }

  @Test(arguments: [
    ("--epochs", "0", "--epochs is 0; expected at least 1"), ("--batch", "0", "--batch is 0; expected at least 1"),
    ("--lr", "0", "--lr is 0.0; expected a positive number"),
    ("--lr", "nan", "--lr is nan; expected a positive number"),
    ("--weight-decay", "inf", "--weight-decay is inf; expected 0 or more"),
  ])
  func `numbers that make no sense`(option: String, value: String, message: String) throws {
    try expect(64, message, tiny + [option, value])
  }

  @Test func `an empty folder`() throws {
    try FileManager.default.createDirectory(
      at: place.folder.appending(path: "empty"), withIntermediateDirectories: true)
    try expect(
      65,
      "\(place.path("empty")) holds no images. Put the images of each class into a subfolder named after the class.",
      tiny + ["--data", "empty"])
  }

  @Test func `one class only`() throws {
    try place.write("single/blue/1.jpg", "x")
    try expect(
      65,
      "\(place.path("single")) holds one class only, “blue”. Telling classes apart takes at least two: "
        + "add a subfolder of other images.", tiny + ["--data", "single"])
  }

  @Test func `a folder that is missing`() throws {
    try expect(
      66,
      "\(place.path("nowhere")): there is no such folder. Name a folder that holds one subfolder of images for each class.",
      tiny + ["--data", "nowhere"])
  }

  @Test func `no image at all that can be read`() throws {
    for path in ["bad/a/1.jpg", "bad/a/2.jpg", "bad/b/1.jpg", "bad/b/2.jpg"] { try place.write(path, "x") }
    let outcome = try GraftProgram.run(["finetune", "--data", "bad"] + tiny, in: place.folder)
    #expect(outcome.status == 65)
    #expect(outcome.lastMessage.hasPrefix("error: None of the 2 files can be read as an image. The first is "))
  }

  @Test func `an unreadable image where all must be readable`() throws {
    try place.write("photos/blue/note.jpg", "no picture")
    let outcome = try GraftProgram.run(["finetune", "--data", "photos", "--strict", "--json"] + tiny, in: place.folder)
    #expect(outcome.status == 65)
    #expect(
      try outcome.json()["error"] as? String
        == "blue/note.jpg: text, not an image: remove the file, or put the image in its place")
  }

  @Test func `a place that cannot be written is found before the training`() throws {
    try place.write("file", "x")
    try expect(74, "file/run cannot be written: \(place.path("file")) is a file.", tiny + ["--out", "file/run"])
    try expect(74, "file cannot be written: it is a file.", tiny + ["--out", "file"])
    try expect(
      74, "photos exists already and is not empty. Name another folder, or remove it first.",
      tiny + ["--out", "photos"])
  }

  @Test func `a run to go on from that is none`() throws {
    try expect(
      66, "photos is no run directory: it has no model.json. Name the folder that `graft finetune` has written",
      ["--from", "photos"])
  }

  @Test(arguments: [
    (
      ["--unfreeze", "top"],
      "“top” does not say which layers to unfreeze; write head, all, last:N, last:30%"
    ),
    (["--lr", "fast"], "The value 'fast' is invalid for '--lr <lr>'"),
    (["--optimizer", "adamax"], "“adamax”"),
    (["--resize", "stretch"], "The value 'stretch' is invalid for '--resize <resize>'"),
    (["--dropout", "1"], "--dropout is 1.0; expected 0 or more and less than 1"),
    (["--split", "1.5"], "The share to set aside for validation is 1.5, but must lie between 0 and 1"),
    (["--cache-size=-1"], "--cache-size is -1; expected 0 to"),
    (["--disk-cache=-1"], "--disk-cache is -1; expected 0 to"),
    (["--image-size", "99999999"], "--image-size is 99999999; expected 1 to 16384"),
    (["--preprocessing", "pytorch"], "“pytorch” is no known preprocessing; known are caffe, tf, torch, unit, raw"),
    (["--from", "run"], "name either --backbone with --weights, or --from with a run"),
    (["--epochs"], "Missing value for '--epochs <epochs>'"),
  ])
  func `a command line that makes no sense`(options: [String], message: String) throws {
    let arguments = ["finetune", "--data", "photos", "--backbone", "squeezenet-tiny", "--weights", "random"] + options
    let outcome = try GraftProgram.run(arguments, in: place.folder)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
    let json = try GraftProgram.run(["finetune", "--json"] + arguments.dropFirst(), in: place.folder)
    #expect(json.status == 64)
    #expect(try json.json()["exit_code"] as? Int == 64)
    #expect((try json.json()["error"] as? String)?.contains(message) == true, "\(json.output)")
  }

  @Test func `weights that were not named`() throws {
    let outcome = try GraftProgram.run("finetune", "--data", "photos", "--backbone", "vgg16", in: place.folder)
    #expect(outcome.status == 64)
    #expect(outcome.messages.contains("--weights is missing"))
  }
}
