namespace Cete.Storage.Tests;

public sealed class NodeSecretTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_secret_stays_the_same_and_differs_by_purpose_and_node()
    {
        var secret = NodeSecret.Open(_folder.Path, "tracker").Value;
        Assert.Equal(NodeSecret.Size, secret.Length);
        Assert.Equal(secret, NodeSecret.Open(_folder.Path, "tracker").Value);
        Assert.NotEqual(secret, NodeSecret.Open(_folder.Path, "other").Value);
        using var second = new TempFolder();
        Assert.NotEqual(secret, NodeSecret.Open(second.Path, "tracker").Value);
    }

    [Fact]
    public void One_that_is_not_whole_is_made_anew()
    {
        File.WriteAllBytes(_folder.At("tracker.secret"), new byte[NodeSecret.Size - 1]);
        File.WriteAllBytes(_folder.At("tracker.secret.new"), [1]);
        var secret = NodeSecret.Open(_folder.Path, "tracker").Value;
        Assert.Equal(NodeSecret.Size, secret.Length);
        Assert.Equal(secret, NodeSecret.Open(_folder.Path, "tracker").Value);
    }

    [Fact]
    public void Only_its_owner_reads_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        Assert.True(NodeSecret.Open(_folder.Path, "tracker").Succeeded);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.At("tracker.secret")));
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told() => Assert.NotNull(NodeSecret.Open(_folder.At("gone"), "tracker").Failure);
}
