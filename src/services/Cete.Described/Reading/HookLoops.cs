namespace Cete.Described;

/// <summary>
/// Finds hooks that set each other off. What is certain to go on for ever is an error; what a condition may end is a warning, since the engine bounds it
/// (<see cref="DescriptorLimits.HookDepthMax"/>).
/// </summary>
internal static class HookLoops
{
    public static void Find(ServiceDescriptor service, Section root, Problems problems)
    {
        var hooks = service.Hooks;
        for (var start = 0; start < hooks.Count; start++)
        {
            if (Cycle(hooks, start) is not { } cycle || cycle.Min() < start)
            {
                continue;
            }

            var named = string.Join(" -> ", cycle.Append(start).Select(i => hooks[i].Name));
            var isCertain = cycle.All(i => hooks[i].When is null && hooks[i].Steps.All(step => step.When is null));
            problems.Add(
                root.OriginOf("hooks"), "hooks",
                isCertain ? $"these set each other off for ever: {named}" : $"these may set each other off again and again: {named}",
                isCertain ? "give one of them a 'when' that ends it" : $"at {DescriptorLimits.HookDepthMax} deep the change that began it is refused",
                !isCertain);
        }
    }

    /// <summary>The shortest way from a hook back to itself; null where there is none.</summary>
    private static List<int>? Cycle(IReadOnlyList<HookDescriptor> hooks, int start)
    {
        var ways = new Queue<List<int>>([[start]]);
        HashSet<int> seen = [];
        while (ways.TryDequeue(out var way))
        {
            for (var next = 0; next < hooks.Count; next++)
            {
                if (!SetsOff(hooks[way[^1]].Steps, hooks[next]))
                {
                    continue;
                }

                if (next == start)
                {
                    return way;
                }

                if (seen.Add(next))
                {
                    ways.Enqueue([.. way, next]);
                }
            }
        }

        return null;
    }

    private static bool SetsOff(IReadOnlyList<Step> steps, HookDescriptor hook) => steps.Any(step => step switch
    {
        Step.Create create => hook.Trigger == HookTrigger.Created && hook.Source == create.Record,
        Step.Update update => hook.Trigger == HookTrigger.Updated && hook.Source == update.Record,
        Step.Delete delete => hook.Trigger == HookTrigger.Deleted && hook.Source == delete.Record,
        Step.Each each => SetsOff(each.Steps, hook),
        Step.Emit emit => hook is { Trigger: HookTrigger.Event, Service: null } && hook.Source == emit.Event,
        _ => false,
    });
}
