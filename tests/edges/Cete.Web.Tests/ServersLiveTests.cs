using Cete.Web.Community;

namespace Cete.Web.Tests;

public sealed class ServersLiveTests
{
    [Fact]
    public void A_small_server_list_is_told_as_it_changes_and_a_list_of_a_thousand_nodes_once_a_second()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(20), ServersApi.PauseAfter(characters: 16 * 350));
        Assert.Equal(TimeSpan.FromSeconds(1), ServersApi.PauseAfter(characters: 1_000 * 350));
        Assert.Equal(TimeSpan.FromSeconds(10), ServersApi.PauseAfter(characters: 10_000 * 350));
    }
}
