import Foundation
import Graft

extension CachePlan {
  /// What will be remembered, how much that is, and where it goes.
  var sentence: String { "cache: \(size), \(places)" }

  /// What one image takes, where nobody has said how many there are.
  var sentenceForOne: String {
    "cache: \(one)" + (views > 1 ? ", \(views.formatted()) views of each training image" : "")
      + "; with --data, what all of them take"
  }

  private var one: String { "\(amount(bytesPerImage)) an image" + (views > 1 ? " and view" : "") }

  /// `2.05 kB an image and view × (244 training images × 4 views + 153 validation images) = 2.3 MB`
  private var size: String {
    let training = "\(trainingImages.formatted()) training images" + (views > 1 ? " × \(views.formatted()) views" : "")
    return one + " × (\(training) + \(validationImages.formatted()) validation images) = \(amount(bytes))"
  }

  private var places: String {
    switch (training, validation) {
    case (.memory, _):
      "in memory" + (diskBytes > 0 ? "; \(amount(diskBytes)) on the disk for the next training" : "")
    case (.disk, _):
      "more than --cache-size: on the disk, \(amount(diskBytes)), and read in every epoch"
    case (.nowhere, let validation):
      nowhere
        + (validation == .memory ? "; the validation images, \(amount(memoryBytes)), are kept in memory" : "")
    }
  }

  private var nowhere: String {
    hasFrozenPart
      ? "more than --cache-size and --disk-cache hold: the frozen part runs anew in every epoch"
      : isAugmented
        ? "not kept: nothing is frozen, so that views are decoded in every epoch"
        : "more than --cache-size: images are decoded anew in every epoch"
  }
}

/// `532 bytes`, `2 kB`, `1.6 MB`, `2.15 GB`: in powers of a thousand.
func amount(_ bytes: Int) -> String {
  let units: [(size: Double, name: String)] = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
  guard let unit = units.first(where: { Double(bytes) >= $0.size }) else { return "\(bytes) bytes" }
  return (Double(bytes) / unit.size).formatted(.number.precision(.significantDigits(1...3))) + " " + unit.name
}

/// What `plan --json` and `finetune --json` say of the cache; the totals are null where no photographs were named.
struct CacheReport: Encodable {
  let bytesPerImage, views: Int
  let imagesTrain, imagesVal, bytes, memoryBytes, diskBytes: Nullable<Int>
  /// memory, disk, or nowhere: computed anew in every epoch.
  let training, validation: Nullable<CachePlan.Place>

  init(_ plan: CachePlan, countsImages: Bool = true) {
    bytesPerImage = plan.bytesPerImage
    views = plan.views
    func total<Value: Encodable>(_ value: Value) -> Nullable<Value> { Nullable(value: countsImages ? value : nil) }
    imagesTrain = total(plan.trainingImages)
    imagesVal = total(plan.validationImages)
    bytes = total(plan.bytes)
    memoryBytes = total(plan.memoryBytes)
    diskBytes = total(plan.diskBytes)
    training = total(plan.training)
    validation = total(plan.validation)
  }
}
