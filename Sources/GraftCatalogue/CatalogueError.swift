import Foundation
import GraftFormats
import GraftGraph

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Why a known weight file cannot be had. Files that cannot be written throw `FormatError.writeFailed`.
public enum CatalogueError: Error, Hashable {
  case unknownWeights(String, suggestions: [String], known: [String])
  /// No file was named, none has been fetched; `fetch` is the name to fetch, nil where the catalogue has none.
  case noWeights(architecture: String, cache: String, fetch: String?)
  /// No address that files can be fetched from.
  case unusableAddress(String)
  /// No server was reached; `reason` is a clause.
  case unreachable(url: String, reason: String)
  /// The server answered, but not with the file.
  case refused(url: String, status: Int)
  /// No byte came for so long; `kept` bytes are on the disk.
  case stalled(url: String, seconds: Double, kept: Int)
  /// The connection ended before the file did.
  case cutShort(url: String, kept: Int, expected: Int?)
  case wrongLength(url: String, expected: Int, found: Int)
  case wrongHash(file: String, url: String, expected: String, found: String, kind: FileSignature)
  /// No hash is published, and what came is no such file.
  case wrongContents(file: String, url: String, reason: String)
  case diskFull(path: String, needed: Int, free: Int)
}

extension CatalogueError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .unknownWeights(let name, let suggestions, let known):
      "there are no known weights “\(name)”"
        + (suggestions.isEmpty ? "; known are \(known.joined(separator: ", "))" : didYouMean(suggestions))
    case .noWeights(let architecture, let cache, let fetch):
      "no weights were named for \(architecture), and \(cache) holds none. Name a file with --weights"
        + (fetch.map { ", or fetch the published one: graft weights fetch \($0)" } ?? "")
    case .unusableAddress(let address):
      "“\(address)” is no address to fetch from. It must begin with http:// or https:// and name a host"
    case .unreachable(let url, let reason):
      "\(url) cannot be reached: \(reason). Check the network, or name a mirror with --url-base"
    case .refused(let url, let status):
      "\(url) was answered with the HTTP status \(status) (\(HTTPURLResponse.localizedString(forStatusCode: status).lowercased())), "
        + "not with the file. Try again later, or name a mirror with --url-base"
    case .stalled(let url, let seconds, let kept):
      "\(url) has sent nothing for \(seconds.formatted(.number.locale(.messages))) seconds. \(Self.resumption(kept))"
    case .cutShort(let url, let kept, let expected):
      "the connection to \(url) broke off after \(kept.grouped) "
        + (expected.map { "of \($0.grouped) " } ?? "") + "bytes. \(Self.resumption(kept))"
    case .wrongLength(let url, let expected, let found):
      "\(url) is another file than the known one: the server announces \(found.grouped) bytes, expected "
        + "\(expected.grouped). Name another mirror with --url-base"
    case .wrongHash(let file, let url, let expected, let found, let kind):
      "\(file) from \(url) is not the known file: its MD5 is \(found), expected \(expected)"
        + (kind == .hdf5 ? "" : "; it is \(kind.words)") + ". It was not kept; fetch it again, or from another mirror"
    case .wrongContents(let file, let url, let reason):
      "\(file) from \(url) is not the known file: \(reason) It was not kept; fetch it again, or from another mirror"
    case .diskFull(let path, let needed, let free):
      "\(path) needs \(needed.grouped) bytes, but its disk has \(free.grouped) left. Make room, or name another "
        + "folder with --cache"
    }
  }

  public var errorDescription: String? { description }

  private static func resumption(_ kept: Int) -> String {
    kept > 0
      ? "The \(kept.grouped) bytes that came are kept: the same command goes on from there"
      : "Try again later, or name a mirror with --url-base"
  }
}

extension FileSignature {
  /// With its article.
  fileprivate var words: String {
    switch self {
    case .html: "a web page"
    case .text, .json, .xml: "a text"
    case .gitLFSPointer: "a Git LFS pointer"
    case .empty: "empty"
    default: "no HDF5 file"
    }
  }
}

extension Int {
  /// `102,853,048`: as a person reads it.
  fileprivate var grouped: String { formatted(.number.locale(.messages)) }
}

extension Locale {
  /// Messages are English wherever Graft runs.
  fileprivate static let messages = Locale(identifier: "en")
}
