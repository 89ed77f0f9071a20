#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace orbweaver::test {

// A name server on a loopback port, UDP and TCP, that plays what it is told. It knows nothing of
// delegation: every name it was not given does not exist. Safe to steer from the test's thread.
class dns_server {
 public:
  enum class mood : std::uint8_t {
    answers,
    nxdomain,
    servfail,
    silent,
    garbage,        // a reply with the right id and nothing else
    truncates_udp,  // an empty answer with TC over UDP, the whole one over TCP
    refused,
    formerr,      // the question was not understood
    wrong_id,     // the answer to another question
    chopped,      // an answer that breaks off in its first record
    loses_first,  // silent to the first question alone
  };
  struct zone_entry {
    std::vector<std::string> a = {};     // addresses
    std::vector<std::string> aaaa = {};  // addresses
    std::vector<std::string> aliases =
        {};                         // CNAMEs that lead, in order, from the name to its records
    std::uint32_t ttl = 300;        // seconds, of every record
    std::uint32_t alias_ttl = 300;  // seconds, of every alias
    mood v4 = mood::answers;        // when asked for A
    mood v6 = mood::answers;        // when asked for AAAA
    // What every second question for A is answered with; empty: the same as the others.
    std::vector<std::string> every_other_a = {};
  };

  dns_server();
  ~dns_server();
  dns_server(const dns_server&) = delete;
  dns_server& operator=(const dns_server&) = delete;

  boost::asio::ip::udp::endpoint endpoint() const;

  void put(const std::string& name, zone_entry entry);
  // Any name below `parent` has this address.
  void put_wildcard(const std::string& parent, const std::string& address);
  // Answers about `name` are kept back until release().
  void hold(const std::string& name);
  void release(const std::string& name);
  // Comes back once `count` questions about `name` have arrived.
  void wait_for_questions(const std::string& name, std::size_t count);

  std::size_t questions(const std::string& name) const;  // A and AAAA each count one
  std::size_t tcp_questions() const;
  std::size_t all_questions() const;
  std::size_t client_ports() const;  // different UDP source ports seen

 private:
  struct question;
  struct tcp_client;
  using bytes = std::vector<std::uint8_t>;

  void receive_udp();
  void accept_tcp();
  std::optional<bytes> answer(std::span<const std::uint8_t> message, bool tcp);
  std::optional<bytes> compose(const question& q, bool tcp);
  mood mood_for(const question& q, const zone_entry& entry) const;
  void send_udp(const bytes& reply, const boost::asio::ip::udp::endpoint& to);

  boost::asio::io_context context_;
  boost::asio::ip::udp::socket udp_;
  boost::asio::ip::tcp::acceptor tcp_;
  std::array<std::uint8_t, 4096> buffer_;
  boost::asio::ip::udp::endpoint client_;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::string, zone_entry> zone_;
  std::map<std::string, std::string> wildcards_;
  std::set<std::string> held_;
  std::vector<std::pair<boost::asio::ip::udp::endpoint, bytes>> kept_back_;
  std::map<std::string, std::size_t> questions_;
  std::map<std::pair<std::string, std::uint16_t>, std::size_t> asked_;  // by name and type
  std::set<std::uint16_t> ports_;
  std::size_t tcp_questions_ = 0;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace orbweaver::test
