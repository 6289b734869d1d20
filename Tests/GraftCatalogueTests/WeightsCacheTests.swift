import Foundation
import GraftArchitectures
import Testing

@testable import GraftCatalogue

@Suite struct WeightsCacheTests {
  private let home = URL(filePath: "/home/anna")

  @Test func `GRAFT_CACHE decides where files are kept`() {
    let cache = WeightsCache(environment: ["GRAFT_CACHE": "/big/disk", "XDG_CACHE_HOME": "/x"], home: home)
    #expect(cache.folder.path == "/big/disk")
  }

  #if !os(macOS)
    @Test func `otherwise the XDG folder, if it is absolute, or the home folder's`() {
      #expect(WeightsCache(environment: ["XDG_CACHE_HOME": "/x"], home: home).folder.path == "/x/graft")
      #expect(WeightsCache(environment: ["XDG_CACHE_HOME": "x"], home: home).folder.path == "/home/anna/.cache/graft")
      #expect(WeightsCache(environment: ["GRAFT_CACHE": ""], home: home).folder.path == "/home/anna/.cache/graft")
    }
  #endif

  @Test func `two files of one name have places of their own`() throws {
    let cache = WeightsCache(URL(filePath: "/c"))
    #expect(
      try cache.location(of: .named("resnet50-v0.2")).path
        == "/c/weights/resnet50-v0.2/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5")
    #expect(
      try cache.location(of: .named("resnet50")).path
        == "/c/weights/resnet50/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5")
  }

  @Test func `of an architecture's files that one is found which is to be preferred`() throws {
    let depot = try Depot()
    let cache = depot.cache
    #expect(cache.file(of: .vgg16) == nil)
    let full = try KnownWeights.named("vgg16", hasTop: true)
    try depot.put(Data("full".utf8), at: cache.location(of: full))
    #expect(cache.file(of: .vgg16) == cache.location(of: full))
    let base = try KnownWeights.named("vgg16")
    try depot.put(Data("base".utf8), at: cache.location(of: base))
    #expect(cache.file(of: .vgg16) == cache.location(of: base))
    #expect(cache.file(of: .vgg16, preferringTop: true) == cache.location(of: full))
    #expect(cache.file(of: .vgg19) == nil)
  }

  @Test func `what is still being fetched is not found`() throws {
    let depot = try Depot()
    let location = try depot.cache.location(of: .named("vgg16"))
    try depot.put(Data("part".utf8), at: location.appendingPathExtension("partial"))
    #expect(depot.cache.file(of: .vgg16) == nil)
  }
}
