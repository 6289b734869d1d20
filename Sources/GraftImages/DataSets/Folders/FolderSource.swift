import Foundation
import GraftGraph

/// A folder of photographs as labelled images.
struct FolderSource {
  let url: URL
  let request: DataRequest
  /// Whether other folders, or a network that exists, bring more classes.
  let allowsOneClass: Bool

  func read() throws(DatasetError) -> LabelledImages {
    var images = try labelled()
    if let words = request.groupBy {
      let pattern = try PathPattern(words)
      images.samples = images.samples.map { $0.inGroup(pattern.capture(in: $0.path)) }
      let ungrouped = images.samples.filter { $0.group == nil }
      if ungrouped.count == images.samples.count { throw .patternFitsNothing(words, example: ungrouped[0].path) }
      if let first = ungrouped.first {
        images.warnings.append(.ungrouped(pattern: words, count: ungrouped.count, example: first.path))
      }
    }
    return images
  }

  private func labelled() throws(DatasetError) -> LabelledImages {
    let listing = try FolderListing(of: url)
    if let pattern = request.labelPattern { return try namedByPath(pattern, listing) }
    guard let training = listing.folders.first(where: { $0.lowercased() == "train" }) else {
      return images(of: try ImageFolder(contentsOf: url, allowsOneClass: allowsOneClass))
    }
    let validation = listing.folders.first { ["val", "valid", "validation"].contains($0.lowercased()) }
    let folder = url.appendingPathComponent(training)
    // A class may be called "train", among aeroplanes and cars: then it holds files, not classes.
    if validation == nil, try FolderListing(of: folder).folders.isEmpty {
      return images(of: try ImageFolder(contentsOf: url, allowsOneClass: allowsOneClass))
    }
    let first = try ImageFolder(contentsOf: folder, allowsOneClass: allowsOneClass)
    var images = images(of: first, side: validation == nil ? nil : .training, below: training)
    if let validation {
      let second = try ImageFolder(contentsOf: url.appendingPathComponent(validation), allowsOneClass: allowsOneClass)
      if first.classes != second.classes {
        throw .classesDiffer(
          folder: url.path, training: training, validation: validation,
          onlyTraining: first.classes.filter { !second.classes.contains($0) },
          onlyValidation: second.classes.filter { !first.classes.contains($0) })
      }
      images.sideNames[.training] = .folder(training)
      images.append(second.samples, side: .validation, below: validation)
    }
    if let test = listing.folders.first(where: { Side(named: $0) == .test }) {
      try append(test, classes: first.classes, to: &images)
    }
    return images
  }

  private func append(_ test: String, classes: [String], to images: inout LabelledImages) throws(DatasetError) {
    let folder = url.appendingPathComponent(test)
    do throws(DatasetError) {
      images.append(try ImageFolder(contentsOf: folder, classes: classes).samples, side: .test, below: test)
    } catch .noClassFolders {
      // As competitions give them: photographs whose classes are kept secret.
      images.warnings.append(.unlabelledTest(folder: folder.path))
    } catch .noImages {}
  }

  private func images(
    of folder: ImageFolder, side: Side? = nil, below name: String? = nil
  ) -> LabelledImages {
    var images = LabelledImages(
      name: url.path, tasks: [.classification(classes: folder.classes)], samples: [], sides: [])
    images.append(folder.samples, side: side, below: name)
    return images
  }

  /// The class of each file is a part of its path. With a folder `train`, the first folder says the side.
  private func namedByPath(_ pattern: PathPattern, _ listing: FolderListing) throws(DatasetError) -> LabelledImages {
    let files = try ImageFolder(withoutClasses: url).samples.map { (sample: $0, name: pattern.capture(in: $0.path)) }
    let named = files.filter { $0.name?.isEmpty == false }
    guard !named.isEmpty else { throw .patternFitsNothing(pattern.text, example: files[0].sample.path) }
    let classes = ClassNames.sorted(Set(named.compactMap(\.name)))
    let labels = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let isDivided = listing.folders.contains { Side(named: $0) == .training }
    var images = LabelledImages(name: url.path, tasks: [.classification(classes: classes)], samples: [], sides: [])
    for (sample, name) in named {
      let label = name.flatMap { labels[$0] }
      let top = sample.path.contains("/") ? sample.path.prefix { $0 != "/" } : ""
      let side = isDivided ? Side(named: String(top)) : nil
      images.samples.append(Sample(url: sample.url, path: sample.path, label: label))
      images.sides.append(side)
      if let side { images.sideNames[side] = .folder(String(top)) }
    }
    if !images.sides.contains(.validation) { images.sides = images.sides.map { $0 == .training ? nil : $0 } }
    if let other = files.first(where: { $0.name?.isEmpty != false }) {
      images.warnings.append(
        .unlabelledFiles(pattern: pattern.text, count: files.count - named.count, example: other.sample.path))
    }
    return images
  }
}

extension LabelledImages {
  fileprivate mutating func append(_ samples: [Sample], side: Side?, below name: String?) {
    self.samples += samples.map { sample in name.map { sample.below($0 + "/") } ?? sample }
    sides += samples.map { _ in side }
    if let side, let name { sideNames[side] = .folder(name) }
  }
}
