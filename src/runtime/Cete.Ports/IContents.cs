using Cete.Core;

namespace Cete.Ports;

/// <summary>Contents that can be read.</summary>
public interface IContents
{
    /// <summary>Opens a content, whole or in part; null when nothing is known of it.</summary>
    IContentFile? Find(in Hash256 root);
}

/// <summary>Contents of several communities: each is for those alone whom its community gave tickets.</summary>
public interface ICommunityContents : IContents
{
    /// <summary>Whether a content is there for members of a community.</summary>
    bool IsOf(KeyId community, in Hash256 root);
}
