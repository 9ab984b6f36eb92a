using System.Text;
using Cete.Core;
using Cete.Described.Proto;
using Google.Protobuf;

namespace Cete.Described;

/// <summary>The life of descriptions: published, changed with all records that are there, withdrawn.</summary>
internal static class Publishing
{
    public static IMessage Do(Publish command, Change change)
    {
        Demand(change);
        var reading = DescriptorReader.ReadJson(command.Json, "description", change.HasModeration);
        if (reading.Descriptor is not { } descriptor)
        {
            throw Refused(FailureKind.Invalid, $"the description is wrong: {reading.Errors}");
        }

        var known = change.Sql.First(
            "SELECT number, edition, withdrawn_at FROM services WHERE name = @p1",
            row => new Known(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2) != 0), descriptor.Name);
        CheckEdition(descriptor.Name, known, command.Replaces);
        return known is null ? PublishFirst(descriptor, change) : PublishNext(known, descriptor, change);
    }

    public static IMessage Do(Withdraw command, Change change)
    {
        Demand(change);
        if (change.Catalogue.Find(change.Sql, command.Service) is not { } service)
        {
            throw Refused(FailureKind.NotFound, $"there is no service '{Section.Show(command.Service)}'");
        }

        CheckEdition(service.Name, new Known(service.Number, service.Edition, false), command.Replaces);
        change.Sql.Execute("UPDATE services SET withdrawn_at = @p2 WHERE number = @p1", service.Number, change.At.Microseconds);
        Forget(service.Number, change);
        change.Emit("service-withdrawn", new ServicePublished { Service = service.Name, Edition = service.Edition });
        return new Published { Edition = service.Edition };
    }

    private sealed record Known(long Number, long Edition, bool IsWithdrawn);

    private static void Demand(Change change)
    {
        if (!change.Asker.Standing.May(Actions.ServicesPublish))
        {
            throw Refused(
                change.Asker.Standing.IsKnown ? FailureKind.Forbidden : FailureKind.Unauthenticated,
                $"to publish services takes the right {Actions.ServicesPublish}, which administrators have");
        }
    }

    private static void CheckEdition(string name, Known? known, long replaces)
    {
        if (known is { IsWithdrawn: false } && replaces != known.Edition)
        {
            throw Refused(
                FailureKind.Conflict,
                replaces == 0 ? $"there is a service '{name}' already, in edition {known.Edition}; say that it is to be replaced"
                    : $"'{name}' was published meanwhile: it has edition {known.Edition}, not {replaces}; look at it again");
        }

        if (known is null && replaces != 0)
        {
            throw Refused(FailureKind.NotFound, $"there is no service '{name}' to be replaced");
        }
    }

    private static Published PublishFirst(ServiceDescriptor descriptor, Change change)
    {
        if (change.Sql.Scalar<long>("SELECT count(*) FROM services") >= DescriptorLimits.ServicesMax)
        {
            throw Refused(FailureKind.TooLarge, $"a community has at most {DescriptorLimits.ServicesMax} services");
        }

        var number = 1 + change.Sql.Scalar<long>("SELECT coalesce(max(number), 0) FROM services");
        var service = new StoredService(number, 1, descriptor);
        var migration = new Migration(change.Sql, null, service, change.At);
        migration.Run();
        change.Sql.Execute(
            """
            INSERT INTO services (number, name, edition, version, digest, json, published_at, published_by) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)
            """,
            number, descriptor.Name, 1, descriptor.Version, DigestOf(descriptor), descriptor.Json, change.At.Microseconds, change.Asker.Account);
        return Finish(service, migration.Changes, change);
    }

    private static Published PublishNext(Known known, ServiceDescriptor descriptor, Change change)
    {
        var json = change.Sql.Scalar<string>("SELECT json FROM services WHERE number = @p1", known.Number) ?? string.Empty;
        var before = DescriptorReader.ReadJson(json, "published", isNew: false).Descriptor;
        Check.That(before is not null, "a description that was published cannot be read any more");
        if (json == descriptor.Json && !known.IsWithdrawn)
        {
            return new Published { Edition = known.Edition };
        }

        var service = new StoredService(known.Number, known.Edition + 1, descriptor);
        var migration = new Migration(change.Sql, new StoredService(known.Number, known.Edition, before!), service, change.At);
        migration.Run();
        change.Sql.Execute(
            """
            UPDATE services SET edition = @p2, version = @p3, digest = @p4, json = @p5, published_at = @p6, published_by = @p7, withdrawn_at = 0
            WHERE number = @p1
            """,
            known.Number, service.Edition, descriptor.Version, DigestOf(descriptor), descriptor.Json, change.At.Microseconds, change.Asker.Account);
        Forget(known.Number, change);
        return Finish(service, migration.Changes, change);
    }

    private static Published Finish(StoredService service, IReadOnlyList<string> changes, Change change)
    {
        var descriptor = service.Descriptor;
        change.Sql.Execute(
            """
            INSERT INTO service_editions (service, edition, version, json, published_at, published_by, changes) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)
            """,
            service.Number, service.Edition, descriptor.Version, descriptor.Json, change.At.Microseconds, change.Asker.Account, string.Join('\n', changes));
        change.Sql.Execute(
            "DELETE FROM service_editions WHERE service = @p1 AND edition <= @p2", service.Number, service.Edition - DescriptorLimits.VersionsKept);
        foreach (var (source, name) in descriptor.Hooks.Where(hook => hook.Trigger == HookTrigger.Event)
            .Select(hook => (hook.Service ?? service.Name, hook.Source)).Distinct())
        {
            change.Sql.Execute("INSERT INTO listeners (source, event, service) VALUES (@p1, @p2, @p3)", source, name, service.Number);
        }

        foreach (var hook in descriptor.Hooks.Where(hook => hook.Trigger == HookTrigger.Schedule))
        {
            change.Sql.Execute(
                "INSERT INTO schedules (service, hook, next_at) VALUES (@p1, @p2, @p3)", service.Number, hook.Name, (change.At + hook.Every).Microseconds);
        }

        change.Emit("service-published", new ServicePublished { Service = service.Name, Edition = service.Edition });
        return new Published { Edition = service.Edition, Changes = { changes } };
    }

    private static void Forget(long service, Change change)
    {
        change.Sql.Execute("DELETE FROM listeners WHERE service = @p1", service);
        change.Sql.Execute("DELETE FROM schedules WHERE service = @p1", service);
    }

    private static byte[] DigestOf(ServiceDescriptor descriptor) => Hash256.Of(Encoding.UTF8.GetBytes(descriptor.Json)).ToArray();

    private static RefusedException Refused(FailureKind kind, string message) => new(new Failure(kind, message));
}
