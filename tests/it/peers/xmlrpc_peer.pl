# A module of entry points on Perl's RPC::XML::Server, which shares no code with the client under test.
#
# Announces its port on stdout. Lets RPC::XML guess the types of its answers, so that texts which look like numbers
# come back as numbers. Its method names cannot hold a blank.

use strict;
use warnings;
use utf8;

use RPC::XML;
use RPC::XML::Server;

$RPC::XML::ENCODING = 'UTF-8';

my $KEY    = 'Schlüssel';
my @FIELDS = qw(chatPresence chatPresenceMessage);
my @PARTS  = qw(enabled destinationType destination);
my %states;
my %redirects;

my %points = (
    info => sub {
        return { moduleVersion => '1.0', api => '1', owner => '', lastSeq => '4711' };
    },

    # Group 1 is small, 2 has an answer of 1 MB, 3 one above every bound, 4 a fault.
    getMembers => sub {
        my ($params) = @_;
        my $group = $params->{group};
        die RPC::XML::fault->new(42, 'Gruppe <4> fehlt & Ähnliches 😀') if $group == 4;
        my $note = (undef, '', 'ü' x 100_000, 'x' x 900_000)[$group];
        my $last = $params->{from} + $params->{count} - 1;
        $last = 9 if $last > 9;
        my %members = map {
            ($_ + 1010 => {
                login => $_ + 1010, firstName => 'Jürg 😀', familyName => '', email => '', note => $note,
            })
        } ($params->{from} .. $last);
        return { total => '10', members => \%members };
    },

    getStates => sub {
        my ($params) = @_;
        my %shown = map { ($_ => $states{$_}) } grep { $states{$_} } split /,/, $params->{accounts};
        return \%shown;
    },

    # Shows account 13 what was understood, character by character: a raw CR does not survive this server's answer.
    applyStates => sub {
        my ($params) = @_;
        my %outcomes;
        for my $account (keys %{$params}) {
            my $wanted = $params->{$account};
            my $shown = $states{$account} ||= { chatPresence => 'AVAILABLE', chatPresenceMessage => '' };
            for my $field (grep { exists $wanted->{$_} } @FIELDS) {
                if ($shown->{$field} ne $wanted->{"expect.$field"}) {
                    $outcomes{$account}{$field} = { ok => 'false', error => 'changed', seen => $shown->{$field} };
                    next;
                }
                $shown->{$field} = $wanted->{$field};
                my $seen = $account == 13 ? spelt($wanted->{$field}) : $wanted->{$field};
                $outcomes{$account}{$field} = { ok => 'true', error => '', seen => $seen };
            }
        }
        return \%outcomes;
    },

    # Every account has a number of its own, which is its id, and one that does not redirect at once.
    getRedirects => sub {
        my ($params) = @_;
        my %shown;
        for my $account (split /,/, $params->{accounts}) {
            my %record = (
                calledNumber           => $account,
                type                   => 'ALWAYS',
                groupRedirect          => 'false',
                lastDestinationNumber  => '',
                lastDestinationMailbox => '10',
                timeout                => '0',
                mailboxes              => { 10 => 'Zentrale', 9 => 'Jürg 😀' },
                %{ redirect_of($account) },
            );
            $shown{$account} = { 0 => \%record, 1 => { %record, type => 'BUSY' } };
        }
        return \%shown;
    },

    # Takes whole records only.
    applyRedirects => sub {
        my ($params) = @_;
        my @names = sort(qw(calledNumber type backAfter), map { ($_, "expect.$_", "back.$_") } @PARTS);
        my %outcomes;
        for my $account (keys %{$params}) {
            for my $index (keys %{ $params->{$account} }) {
                my $record = $params->{$account}{$index};
                my $is_whole = join(' ', sort keys %{$record}) eq join(' ', @names) && $record->{type} eq 'ALWAYS';
                die RPC::XML::fault->new(3, 'a record is not whole') if !$is_whole;
                my $shown = redirect_of($record->{calledNumber});
                my $is_expected = !grep { $shown->{$_} ne $record->{"expect.$_"} } @PARTS;
                @{$shown}{@PARTS} = @{$record}{@PARTS} if $is_expected;
                my %seen = map { ("seen.$_" => $shown->{$_}) } @PARTS;
                my ($ok, $error) = $is_expected ? ('true', '') : ('false', 'changed');
                $outcomes{$account}{$index} = { ok => $ok, error => $error, %seen };
            }
        }
        return \%outcomes;
    },

    # One event, which is old after it was told.
    drainEvents => sub {
        my ($params) = @_;
        my %end = (seq => '1', kind => 'end', account => '1010', at => '1795420800123');
        my %events = $params->{queue} eq 'q' && $params->{after} >= 1 ? () : ('0' => \%end);
        return { queue => 'q', seq => '1', events => \%events };
    },
);

sub redirect_of {
    my ($number) = @_;
    return $redirects{$number} ||= { enabled => 'false', destinationType => 'PHONENUMBER', destination => '' };
}

sub spelt {
    my ($text) = @_;
    return join ' ', map { sprintf 'U+%04X', ord } split //, $text;
}

sub entry_point {
    my ($function) = @_;
    return sub {
        my ($server, $given) = @_;
        return { Success => 'false', Errormessage => 'key', Data => {} } if $given->{Key} ne $KEY;
        my $data = eval { $function->($given->{Params}) };
        return $@ if ref $@;
        return { Success => RPC::XML::boolean->new(1), Errormessage => '', Data => $data };
    };
}

my $server = RPC::XML::Server->new(host => '127.0.0.1', path => '/xml-rpc', no_default => 1);
die "no server: $server" if !ref $server;
for my $name (keys %points) {
    $server->add_method({
        name      => "Kalender_Connector.$name",
        signature => ['struct struct'],
        code      => entry_point($points{$name}),
    });
}

$| = 1;
print $server->port, "\n";
$server->server_loop;
