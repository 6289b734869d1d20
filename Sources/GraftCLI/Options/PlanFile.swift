import ArgumentParser
import Foundation
import Graft

/// A plan that a file holds: what `plan --json` prints, or a plan by itself.
struct PlanFile {
  let plan: TransferPlan
  /// Of the whole training; nil where the file does not say.
  let epochs: Int?

  private struct Report: Decodable {
    let plan: TransferPlan
    let epochs: Int?
  }

  /// - Throws: `FormatError.fileNotFound`; `ValidationError` where the file holds no plan.
  init(contentsOf file: URL) throws {
    let path = file.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path) else { throw FormatError.fileNotFound(path: path) }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      let data = try Data(contentsOf: file)
      if let written = try? decoder.decode(AdaptationPlan.self, from: data) {
        (plan, epochs) = (written.transfer, written.epochs)
      } else if let report = try? decoder.decode(Report.self, from: data) {
        (plan, epochs) = (report.plan, report.epochs)
      } else {
        (plan, epochs) = (try decoder.decode(TransferPlan.self, from: data), nil)
      }
    } catch let error as PlanningError {
      throw error
    } catch {
      throw ValidationError("\(path) holds no plan; make one with graft plan --json")
    }
  }
}
