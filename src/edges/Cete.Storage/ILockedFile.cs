using Cete.Ports;

namespace Cete.Storage;

/// <summary>An open file that other programs are kept from.</summary>
internal interface ILockedFile : IFile
{
    /// <summary>Lets others open it from now on, as beside any reader; it stays open.</summary>
    void Share();
}
