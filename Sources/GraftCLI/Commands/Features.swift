import ArgumentParser
import Foundation
import Graft

struct Features: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write what a pretrained network sees in each photograph as a table for other tools.",
    discussion: """
      F.npy holds one row for each photograph, float32; F.csv says which photograph each row is of. Feature maps are \
      written height, width, channel, as Keras has them.

      Examples:
        graft features --backbone squeezenet --weights squeezenet_notop.h5 --data photos --out features.npy
        graft features --backbone vgg16 --weights vgg16.h5 --data photos --layer block4_pool --pool max --out f.npy
        graft features --backbone squeezenet-tiny --data photos --precision fp32 --out features.npy --json
      """)

  @OptionGroup var network: BackboneOptions

  @Option(help: ArgumentHelp("A folder of photographs; folders below it are taken as classes.", valueName: "dir"))
  var data: String

  @Option(help: ArgumentHelp("The layer whose output is taken; the backbone's last where left out.", valueName: "name"))
  var layer: String?

  @Option(help: "How a feature map becomes a row: avg, max, flatten or none.")
  var pool: FeaturePooling = .avg

  @Option(help: "How photographs are brought to size: by the shorter side, then the middle; or squashed.")
  var resize = ResizeOption.crop

  @Option(help: PrecisionOption.help)
  var precision = PrecisionOption.auto

  @Option(help: ArgumentHelp("The table to write, ending in .npy.", valueName: "file"))
  var out: String

  @OptionGroup var images: ImageOptions

  func validate() throws {
    guard out.hasSuffix(".npy") else { throw ValidationError("--out is \(out); expected a name that ends in .npy") }
  }

  func run() async throws {
    let asked = try precision.choice()
    let backbone = try network.load(keepsTop: layerIsOfTop())
    let folder = try ImageFolder.withOptionalClasses(URL(filePath: data))
    let cut = try layer.map { try backbone.graph.cut(at: [$0]) } ?? backbone.graph
    let graph = try cut.pooled(pool, as: "features", order: backbone.isChannelsLast ? .channelsLast : .channelsFirst)
    let view = backbone.evaluationView(resize.resize)
    let trial = PrecisionTrial(
      graph: graph, parameters: backbone.parameters, view: view, preprocessing: backbone.preprocessing)
    let table = URL(filePath: out)
    let isStrict = images.strict
    let (choice, summary) = try await interruptible {
      let choice: PrecisionChoice
      if let asked { choice = asked } else { choice = try await trial.choose(on: folder.samples, cache: .standard()) }
      if let line = choice.line { Terminal.standard.write(line) }
      let extractor = FeatureExtractor(
        graph: graph, parameters: backbone.parameters, view: view, preprocessing: backbone.preprocessing,
        isChannelsLast: backbone.isChannelsLast, precision: choice.precision)
      let summary = try await extractor.write(folder.samples, classes: folder.classes, to: table, isStrict: isStrict) {
        Terminal.standard.show($0)
      }
      return (choice, summary)
    }
    Terminal.standard.finishLine()
    images.report(summary.skipped)
    Terminal.standard.write("\(summary.shape) float32 in \(out)")
    if images.json { printJSON(FeaturesReport(summary, choice, out: out)) }
  }
}

extension Features {
  /// Whether the layer belongs to the network's own classifier, which is left off otherwise.
  private func layerIsOfTop() throws -> Bool {
    guard let layer else { return false }
    // A file has the layers that it has.
    if try network.model != nil { return true }
    let architecture = try Architecture.named(network.backbone)
    return try architecture.graph()[layer] == nil && architecture.graph(classes: 1)[layer] != nil
  }
}

/// What `features --json` prints.
private struct FeaturesReport: Encodable {
  let images, imagesSkipped: Int
  let shape: [Int]
  let seconds, imagesPerSecond: Double
  let peakRssBytes: Int
  let features, index: String
  let precision: Precision
  let precisionChoice: PrecisionChoice

  init(_ summary: FeatureExtractor.Summary, _ choice: PrecisionChoice, out: String) {
    precision = choice.precision
    precisionChoice = choice
    images = summary.samples.count
    imagesSkipped = summary.skipped.count
    shape = summary.shape.dimensions
    seconds = summary.seconds
    imagesPerSecond = Double(summary.samples.count) / max(summary.seconds, 1e-9)
    peakRssBytes = ProcessMemory.peak
    features = out
    index = URL(filePath: out).deletingPathExtension().appendingPathExtension("csv").relativePath
  }
}

extension ImageFolder {
  /// The folder's images with its folders as classes where it has any, otherwise without classes.
  fileprivate static func withOptionalClasses(_ url: URL) throws -> ImageFolder {
    do throws(DatasetError) {
      return try ImageFolder(contentsOf: url)
    } catch .noClassFolders, .oneClass {
      return try ImageFolder(withoutClasses: url)
    }
  }
}
